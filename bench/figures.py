"""What was measured for a goal, as a value."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass, replace
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured for a goal: the value, where its time goes, how often it was measured,
    when, and beside which load.
    """

    goal: str
    value: float
    where: str
    repeats: int
    at: str = ""
    load: float = 0.0
    processors: int = 0

    def stamped(self) -> Figure:
        """Return the figure with the time, the load and the processors of now."""
        now = datetime.now().astimezone().isoformat(timespec="minutes")
        load = round(os.getloadavg()[0], 1)
        return replace(self, at=now, load=load, processors=os.cpu_count() or 1)

    def values(self) -> dict[str, object]:
        """Return the figure as a plain dict, its value with four figures that count."""
        return asdict(self) | {"value": float(f"{self.value:.4g}")}
