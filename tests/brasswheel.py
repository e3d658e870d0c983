"""A standard that the catalogue lacks, as a user's own entry. No test of its own."""

from __future__ import annotations

EXTRA = """
[[standard]]
id = "brasswheel"
name = "Brasswheel Scheme"
issuer = "Brasswheel Foundation"
region = "International"
kind = "attestation"
aliases = ["Brasswheel Scheme"]
href = "https://example.org/brasswheel"
examples = [{ text = "attested to the Brasswheel Scheme" }]
non_examples = [{ text = "a wheel of brass" }]
"""
