"""A simulated clinic: how long people would wait for a human, before anybody has to.

`simulate` plays a protocol very many times with people who answer as they are said to, and carriers that fail. The clock is virtual, the
step machine is the real one, nothing is sent. It may import `escalation`, `ground` and, for its picture, `views`.
"""

from typing import TYPE_CHECKING

from recoverycore._lazy import attach

if TYPE_CHECKING:
    from recoverycore.testing.clinic.habits import Carrier as Carrier
    from recoverycore.testing.clinic.habits import Habit as Habit
    from recoverycore.testing.clinic.results import Broken as Broken
    from recoverycore.testing.clinic.results import Load as Load
    from recoverycore.testing.clinic.results import Simulation as Simulation
    from recoverycore.testing.clinic.simulating import simulate as simulate
    from recoverycore.testing.clinic.watching import CHECKS as CHECKS

__all__ = ["Broken", "CHECKS", "Carrier", "Habit", "Load", "Simulation", "simulate"]

__getattr__, __dir__ = attach(
    __name__,
    {
        "habits": ("Carrier", "Habit"),
        "results": ("Broken", "Load", "Simulation"),
        "simulating": ("simulate",),
        "watching": ("CHECKS",),
    },
)
