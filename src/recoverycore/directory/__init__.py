"""WHERE help is: crisis lines and services with their hours, merged from many hands, and a lookup that is never empty.

It decides and never calls anybody: no clock, no network. A wrong entry is dropped and reported; the floor stays. It may import
`ground` and `errors`.
"""

from typing import TYPE_CHECKING

from recoverycore._lazy import attach

if TYPE_CHECKING:
    from recoverycore.directory.answer import Answer as Answer
    from recoverycore.directory.answer import Listed as Listed
    from recoverycore.directory.documents import Channel as Channel
    from recoverycore.directory.documents import DirectoryEntry as DirectoryEntry
    from recoverycore.directory.documents import DirectorySettings as DirectorySettings
    from recoverycore.directory.documents import OpenWindow as OpenWindow
    from recoverycore.directory.documents import Source as Source
    from recoverycore.directory.floor import built_in_floor as built_in_floor
    from recoverycore.directory.floor import built_in_local as built_in_local
    from recoverycore.directory.local_documents import LocalDocument as LocalDocument
    from recoverycore.directory.locally import LocalAnswer as LocalAnswer
    from recoverycore.directory.locally import LocalListed as LocalListed
    from recoverycore.directory.locally import local_lookup as local_lookup
    from recoverycore.directory.lookup import directory_lookup as directory_lookup
    from recoverycore.directory.lookup import region_chain as region_chain
    from recoverycore.directory.merging import Merged as Merged
    from recoverycore.directory.merging import MergedEntry as MergedEntry
    from recoverycore.directory.merging import MergeReport as MergeReport
    from recoverycore.directory.merging import directory_merge as directory_merge
    from recoverycore.directory.merging import local_merge as local_merge
    from recoverycore.directory.opening import Opening as Opening
    from recoverycore.directory.opening import hours as hours
    from recoverycore.directory.reading import read_entries as read_entries
    from recoverycore.directory.retired import retired_ways as retired_ways
    from recoverycore.directory.showing import Shown as Shown
    from recoverycore.directory.showing import Way as Way
    from recoverycore.directory.showing import lines_to_show as lines_to_show

__all__ = [
    "Answer",
    "Channel",
    "DirectoryEntry",
    "DirectorySettings",
    "Listed",
    "LocalAnswer",
    "LocalDocument",
    "LocalListed",
    "MergeReport",
    "Merged",
    "MergedEntry",
    "OpenWindow",
    "Opening",
    "Shown",
    "Source",
    "Way",
    "built_in_floor",
    "built_in_local",
    "directory_lookup",
    "directory_merge",
    "hours",
    "lines_to_show",
    "local_lookup",
    "local_merge",
    "read_entries",
    "region_chain",
    "retired_ways",
]

__getattr__, __dir__ = attach(
    __name__,
    {
        "answer": ("Answer", "Listed"),
        "documents": ("Channel", "DirectoryEntry", "DirectorySettings", "OpenWindow", "Source"),
        "floor": ("built_in_floor", "built_in_local"),
        "local_documents": ("LocalDocument",),
        "locally": ("LocalAnswer", "LocalListed", "local_lookup"),
        "lookup": ("directory_lookup", "region_chain"),
        "merging": ("MergeReport", "Merged", "MergedEntry", "directory_merge", "local_merge"),
        "opening": ("Opening", "hours"),
        "reading": ("read_entries",),
        "retired": ("retired_ways",),
        "showing": ("Shown", "Way", "lines_to_show"),
    },
)
