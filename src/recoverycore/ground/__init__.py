"""What everyone stands on: documents and how they are read, ids, instants and wall times, levels, contact methods,
sensitive text.

Any package may import it; it imports only `recoverycore.errors`. A word that two domain packages need lives here.
"""

from typing import TYPE_CHECKING

from recoverycore._lazy import attach

if TYPE_CHECKING:
    from recoverycore.ground.canonical import canonical_json as canonical_json
    from recoverycore.ground.canonical import digest as digest
    from recoverycore.ground.clock import Clock as Clock
    from recoverycore.ground.clock import ManualClock as ManualClock
    from recoverycore.ground.clock import SystemClock as SystemClock
    from recoverycore.ground.contact import ContactCheck as ContactCheck
    from recoverycore.ground.contact import ContactKind as ContactKind
    from recoverycore.ground.contact import ContactMethod as ContactMethod
    from recoverycore.ground.contact import check_contact as check_contact
    from recoverycore.ground.contact import sms_uri as sms_uri
    from recoverycore.ground.document import Document as Document
    from recoverycore.ground.durations import Duration as Duration
    from recoverycore.ground.durations import elapsed_text as elapsed_text
    from recoverycore.ground.durations import parse_duration as parse_duration
    from recoverycore.ground.durations import parse_elapsed as parse_elapsed
    from recoverycore.ground.fields import Count as Count
    from recoverycore.ground.fields import Day as Day
    from recoverycore.ground.fields import Elapsed as Elapsed
    from recoverycore.ground.fields import Flag as Flag
    from recoverycore.ground.fields import Id as Id
    from recoverycore.ground.fields import Instant as Instant
    from recoverycore.ground.fields import Length as Length
    from recoverycore.ground.fields import Number as Number
    from recoverycore.ground.fields import Region as Region
    from recoverycore.ground.fields import StartTime as StartTime
    from recoverycore.ground.fields import Text as Text
    from recoverycore.ground.fields import WallTime as WallTime
    from recoverycore.ground.fields import Zone as Zone
    from recoverycore.ground.ids import CountingIds as CountingIds
    from recoverycore.ground.ids import IdMaker as IdMaker
    from recoverycore.ground.ids import UuidIds as UuidIds
    from recoverycore.ground.instants import Readings as Readings
    from recoverycore.ground.instants import calendar_add as calendar_add
    from recoverycore.ground.instants import local_date as local_date
    from recoverycore.ground.instants import local_day_start as local_day_start
    from recoverycore.ground.instants import moment as moment
    from recoverycore.ground.instants import parse_instant as parse_instant
    from recoverycore.ground.instants import require_aware as require_aware
    from recoverycore.ground.instants import utc_text as utc_text
    from recoverycore.ground.instants import wall_minutes as wall_minutes
    from recoverycore.ground.instants import wall_readings as wall_readings
    from recoverycore.ground.instants import zone_info as zone_info
    from recoverycore.ground.levels import Level as Level
    from recoverycore.ground.loading import MAX_BYTES as MAX_BYTES
    from recoverycore.ground.loading import MAX_DEPTH as MAX_DEPTH
    from recoverycore.ground.loading import load_file as load_file
    from recoverycore.ground.loading import loads as loads
    from recoverycore.ground.loading import open_envelope as open_envelope
    from recoverycore.ground.loading import read_file as read_file
    from recoverycore.ground.loading import read_json as read_json
    from recoverycore.ground.loading import read_text as read_text
    from recoverycore.ground.problems import pointer as pointer
    from recoverycore.ground.rendering import render as render
    from recoverycore.ground.sensitive import Sensitive as Sensitive
    from recoverycore.ground.text import isolated as isolated
    from recoverycore.ground.text import nearest as nearest
    from recoverycore.ground.text import tokens as tokens
    from recoverycore.ground.timeline import Happening as Happening
    from recoverycore.ground.timeline import Timeline as Timeline
    from recoverycore.ground.windows import WEEKDAYS as WEEKDAYS
    from recoverycore.ground.windows import Weekday as Weekday
    from recoverycore.ground.windows import WeeklyWindow as WeeklyWindow

__all__ = [
    "Clock",
    "ContactCheck",
    "ContactKind",
    "ContactMethod",
    "Count",
    "CountingIds",
    "Day",
    "Document",
    "Duration",
    "Elapsed",
    "Flag",
    "Happening",
    "Id",
    "IdMaker",
    "Instant",
    "Length",
    "Level",
    "MAX_BYTES",
    "MAX_DEPTH",
    "ManualClock",
    "Number",
    "Readings",
    "Region",
    "Sensitive",
    "StartTime",
    "SystemClock",
    "Text",
    "Timeline",
    "UuidIds",
    "WEEKDAYS",
    "WallTime",
    "Weekday",
    "WeeklyWindow",
    "Zone",
    "calendar_add",
    "canonical_json",
    "check_contact",
    "digest",
    "elapsed_text",
    "isolated",
    "load_file",
    "loads",
    "local_date",
    "local_day_start",
    "moment",
    "nearest",
    "open_envelope",
    "parse_duration",
    "parse_elapsed",
    "parse_instant",
    "pointer",
    "read_file",
    "read_json",
    "read_text",
    "render",
    "require_aware",
    "sms_uri",
    "tokens",
    "utc_text",
    "wall_minutes",
    "wall_readings",
    "zone_info",
]

__getattr__, __dir__ = attach(
    __name__,
    {
        "canonical": ("canonical_json", "digest"),
        "clock": ("Clock", "ManualClock", "SystemClock"),
        "contact": ("ContactCheck", "ContactKind", "ContactMethod", "check_contact", "sms_uri"),
        "document": ("Document",),
        "durations": ("Duration", "elapsed_text", "parse_duration", "parse_elapsed"),
        "fields": (
            "Count",
            "Day",
            "Elapsed",
            "Flag",
            "Id",
            "Instant",
            "Length",
            "Number",
            "Region",
            "StartTime",
            "Text",
            "WallTime",
            "Zone",
        ),
        "ids": ("CountingIds", "IdMaker", "UuidIds"),
        "instants": (
            "Readings",
            "calendar_add",
            "local_date",
            "local_day_start",
            "moment",
            "parse_instant",
            "require_aware",
            "utc_text",
            "wall_minutes",
            "wall_readings",
            "zone_info",
        ),
        "levels": ("Level",),
        "loading": ("MAX_BYTES", "MAX_DEPTH", "load_file", "loads", "open_envelope", "read_file", "read_json", "read_text"),
        "problems": ("pointer",),
        "rendering": ("render",),
        "sensitive": ("Sensitive",),
        "text": ("isolated", "nearest", "tokens"),
        "timeline": ("Happening", "Timeline"),
        "windows": ("WEEKDAYS", "Weekday", "WeeklyWindow"),
    },
)
