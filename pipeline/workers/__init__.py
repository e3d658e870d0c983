"""A function and its arguments → what it returns, worked out in another process
that is killed where it overruns a budget.

    budget   what one function may cost
    pool     functions, budget → results; begins a process when the first function comes,
             at most one a processor
    server   the one process that all others are forked from, with the libraries loaded once
    process  what goes on in those processes

A page is hostile input: some texts keep a reader busy for ever, eat the memory or bring a library
down. Whatever happens in a process is a `Stopped` here, and the next function finds another
process. Arguments and results are pickled, so that a caller does not see where the work was done.
Knows nothing of pages, and keeps nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline import parts

if TYPE_CHECKING:
    from pipeline.workers.budget import Budget
    from pipeline.workers.pool import Pool, Stopped, Work
else:
    __getattr__ = parts.of(__name__, {"budget": "Budget", "pool": "Pool Stopped Work"})

__all__ = ["Budget", "Pool", "Stopped", "Work"]
