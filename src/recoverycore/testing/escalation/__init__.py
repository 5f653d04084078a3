"""PROVE, for escalation: laws for any step machine, events that put them to the test, and broken machines that put a test to the test.

The laws look at one call at a time and look facts up for themselves. `escalation_laws` puts them to a protocol of yours in one line,
`EscalationMachine` to a store and a deliverer of yours, a `Watcher` to a run of yours; `grade` says how much your own tests notice.
`strategies` and `stateful` need the extra ``testing``; nothing else here does. It may import `escalation` and `ground`.
"""

from typing import TYPE_CHECKING

from recoverycore._lazy import attach

if TYPE_CHECKING:
    from recoverycore.testing.escalation.checking import BrokenLaw as BrokenLaw
    from recoverycore.testing.escalation.checking import escalation_laws as escalation_laws
    from recoverycore.testing.escalation.faults import FAULTS as FAULTS
    from recoverycore.testing.escalation.faults import Grade as Grade
    from recoverycore.testing.escalation.faults import grade as grade
    from recoverycore.testing.escalation.laws import INVARIANTS as INVARIANTS
    from recoverycore.testing.escalation.laws import LAWS as LAWS
    from recoverycore.testing.escalation.laws import judge as judge
    from recoverycore.testing.escalation.moments import Moment as Moment
    from recoverycore.testing.escalation.stateful import EscalationMachine as EscalationMachine
    from recoverycore.testing.escalation.strategies import event_streams as event_streams
    from recoverycore.testing.escalation.strategies import protocols as protocols
    from recoverycore.testing.escalation.strategies import run_facts as run_facts
    from recoverycore.testing.escalation.watching import Watcher as Watcher

__all__ = [
    "BrokenLaw",
    "EscalationMachine",
    "FAULTS",
    "Grade",
    "INVARIANTS",
    "LAWS",
    "Moment",
    "Watcher",
    "escalation_laws",
    "event_streams",
    "grade",
    "judge",
    "protocols",
    "run_facts",
]

__getattr__, __dir__ = attach(
    __name__,
    {
        "checking": ("BrokenLaw", "escalation_laws"),
        "faults": ("FAULTS", "Grade", "grade"),
        "laws": ("INVARIANTS", "LAWS", "judge"),
        "moments": ("Moment",),
        "stateful": ("EscalationMachine",),
        "strategies": ("event_streams", "protocols", "run_facts"),
        "watching": ("Watcher",),
    },
)
