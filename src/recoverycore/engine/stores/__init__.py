"""Where the engine keeps what must not be lost: one protocol, kept in memory or in a SQLite file.

Everything a command changes is one unit: documents, command, timers, outbox and audit link are all kept, or none is. Only
the engine imports it.
"""

from typing import TYPE_CHECKING

from recoverycore._lazy import attach

if TYPE_CHECKING:
    from recoverycore.engine.stores.exchange import export_all as export_all
    from recoverycore.engine.stores.exchange import import_all as import_all
    from recoverycore.engine.stores.exchange import verify_audit as verify_audit
    from recoverycore.engine.stores.memory import MemoryStore as MemoryStore
    from recoverycore.engine.stores.protocol import AuditLink as AuditLink
    from recoverycore.engine.stores.protocol import Command as Command
    from recoverycore.engine.stores.protocol import OutboxRow as OutboxRow
    from recoverycore.engine.stores.protocol import Store as Store
    from recoverycore.engine.stores.protocol import Stored as Stored
    from recoverycore.engine.stores.protocol import Timer as Timer
    from recoverycore.engine.stores.protocol import Unit as Unit
    from recoverycore.engine.stores.sqlite import SqliteStore as SqliteStore

__all__ = [
    "AuditLink",
    "Command",
    "MemoryStore",
    "OutboxRow",
    "SqliteStore",
    "Store",
    "Stored",
    "Timer",
    "Unit",
    "export_all",
    "import_all",
    "verify_audit",
]

__getattr__, __dir__ = attach(
    __name__,
    {
        "exchange": ("export_all", "import_all", "verify_audit"),
        "memory": ("MemoryStore",),
        "protocol": ("AuditLink", "Command", "OutboxRow", "Store", "Stored", "Timer", "Unit"),
        "sqlite": ("SqliteStore",),
    },
)
