"""recoverycore: the rules that hold recovery support together, as values.

What was agreed, who may know what, what was noticed, who is told next and who owes what: each is a document that can be
validated, a decision that can be explained and a property that can be proved. A host keeps, sends and shows.

Importing this package costs nothing: every name is fetched when it is first used.
"""

from recoverycore._lazy import attach

TYPE_CHECKING = False  # as a type checker reads it; importing typing would cost more than all of this

if TYPE_CHECKING:
    from recoverycore.consent import ConsentBook as ConsentBook
    from recoverycore.consent import Decision as Decision
    from recoverycore.consent import Directive as Directive
    from recoverycore.consent import ProfileDocument as ProfileDocument
    from recoverycore.coordination import Obligation as Obligation
    from recoverycore.directory import DirectoryEntry as DirectoryEntry
    from recoverycore.directory import directory_lookup as directory_lookup
    from recoverycore.engine import Done as Done
    from recoverycore.engine import Engine as Engine
    from recoverycore.engine import Settings as Settings
    from recoverycore.errors import Conflict as Conflict
    from recoverycore.errors import DocumentError as DocumentError
    from recoverycore.errors import NotAllowed as NotAllowed
    from recoverycore.errors import NotFound as NotFound
    from recoverycore.errors import PluginError as PluginError
    from recoverycore.errors import Problem as Problem
    from recoverycore.errors import RecoveryError as RecoveryError
    from recoverycore.errors import StoreError as StoreError
    from recoverycore.escalation import CodeWord as CodeWord
    from recoverycore.escalation import Protocol as Protocol
    from recoverycore.escalation import RunState as RunState
    from recoverycore.ground.clock import ManualClock as ManualClock
    from recoverycore.ground.document import Document as Document
    from recoverycore.ground.levels import Level as Level
    from recoverycore.ground.loading import load_file as load_file
    from recoverycore.ground.loading import loads as loads
    from recoverycore.ground.sensitive import Sensitive as Sensitive
    from recoverycore.ground.timeline import Timeline as Timeline
    from recoverycore.hooks import OutgoingMessage as OutgoingMessage
    from recoverycore.hooks import PrintingDeliverer as PrintingDeliverer
    from recoverycore.hooks import Receipt as Receipt
    from recoverycore.hooks import RecoveryHooks as RecoveryHooks
    from recoverycore.hooks import hookimpl as hookimpl
    from recoverycore.people import Client as Client
    from recoverycore.people import Member as Member
    from recoverycore.people import Programme as Programme
    from recoverycore.people import Service as Service
    from recoverycore.people import Team as Team
    from recoverycore.plans import AnniversaryWindow as AnniversaryWindow
    from recoverycore.plans import Content as Content
    from recoverycore.plans import History as History
    from recoverycore.plans import RiskWindow as RiskWindow
    from recoverycore.risk import Rule as Rule

__all__ = [
    "AnniversaryWindow",
    "Client",
    "CodeWord",
    "Conflict",
    "ConsentBook",
    "Content",
    "Decision",
    "Directive",
    "DirectoryEntry",
    "Document",
    "DocumentError",
    "Done",
    "Engine",
    "History",
    "Level",
    "ManualClock",
    "Member",
    "NotAllowed",
    "NotFound",
    "Obligation",
    "OutgoingMessage",
    "PluginError",
    "PrintingDeliverer",
    "Problem",
    "ProfileDocument",
    "Programme",
    "Protocol",
    "Receipt",
    "RecoveryError",
    "RecoveryHooks",
    "RiskWindow",
    "Rule",
    "RunState",
    "Sensitive",
    "Service",
    "Settings",
    "StoreError",
    "Team",
    "Timeline",
    "directory_lookup",
    "hookimpl",
    "load_file",
    "loads",
]

__getattr__, __dir__ = attach(
    __name__,
    {
        "consent": ("ConsentBook", "Decision", "Directive", "ProfileDocument"),
        "coordination": ("Obligation",),
        "directory": ("DirectoryEntry", "directory_lookup"),
        "engine": ("Done", "Engine", "Settings"),
        "errors": ("Conflict", "DocumentError", "NotAllowed", "NotFound", "PluginError", "Problem", "RecoveryError", "StoreError"),
        "escalation": ("CodeWord", "Protocol", "RunState"),
        "ground.clock": ("ManualClock",),
        "ground.document": ("Document",),
        "ground.levels": ("Level",),
        "ground.loading": ("load_file", "loads"),
        "ground.sensitive": ("Sensitive",),
        "ground.timeline": ("Timeline",),
        "hooks": ("OutgoingMessage", "PrintingDeliverer", "Receipt", "RecoveryHooks", "hookimpl"),
        "people": ("Client", "Member", "Programme", "Service", "Team"),
        "plans": ("AnniversaryWindow", "Content", "History", "RiskWindow"),
        "risk": ("Rule",),
    },
)
