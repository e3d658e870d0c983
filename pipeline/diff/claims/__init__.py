"""The claims of two readings: which is which, what became of each,
and what another change says already.
"""
