"""What one function may cost, as a value. Imports nothing that could begin a process."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Budget:
    """What one function may cost: seconds of processor time,
    and bytes of memory beyond what its process began with.
    """

    seconds: float = 30.0
    memory: int = 1 << 30

    def overrun(self, why: str) -> str:
        """Return in words that one of the two, `time` or `memory`, was not enough."""
        if why == "memory":
            return f"took more than {self.memory >> 20} MiB of memory"
        return f"took more than {self.seconds:g} s of processor time (fetch.read_seconds)"
