"""Where the engine keeps what must not be lost: one protocol, kept in memory or in a SQLite file.

Everything a command changes is one unit: documents, command, timers, outbox and audit link are all kept, or none is. Only
the engine imports it.
"""

from typing import TYPE_CHECKING

from recoverycore._lazy import attach

if TYPE_CHECKING:
    from recoverycore.engine.stores.memory import MemoryStore as MemoryStore
    from recoverycore.engine.stores.protocol import AuditLink as AuditLink
    from recoverycore.engine.stores.protocol import OutboxRow as OutboxRow
    from recoverycore.engine.stores.protocol import Store as Store
    from recoverycore.engine.stores.protocol import Stored as Stored
    from recoverycore.engine.stores.protocol import Unit as Unit
    from recoverycore.engine.stores.sqlite import SqliteStore as SqliteStore

__all__ = ["AuditLink", "MemoryStore", "OutboxRow", "SqliteStore", "Store", "Stored", "Unit"]

__getattr__, __dir__ = attach(
    __name__,
    {
        "memory": ("MemoryStore",),
        "protocol": ("AuditLink", "OutboxRow", "Store", "Stored", "Unit"),
        "sqlite": ("SqliteStore",),
    },
)
