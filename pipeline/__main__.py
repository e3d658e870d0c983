"""`python -m pipeline` is the `claimwatch` command."""

from pipeline import cli

cli.main()
