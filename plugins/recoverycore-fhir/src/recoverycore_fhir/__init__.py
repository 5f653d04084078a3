"""HL7 FHIR as plain JSON: Consent resources of R4 (4.0.1) and R5 (5.0.0) read as trees of provisions, and trees written as such resources.

Nothing here decides and nothing asks a server. What a resource says and nobody here can read never widens it, and is told with its place.
"""

from recoverycore_fhir.bundles import filtered, record_id
from recoverycore_fhir.reading import NOTES, RECIPIENT_ROLES, Note, ReadConsent, Release, read_consent, reference_id
from recoverycore_fhir.writing import write_consent

__all__ = [
    "NOTES",
    "RECIPIENT_ROLES",
    "Note",
    "ReadConsent",
    "Release",
    "filtered",
    "read_consent",
    "record_id",
    "reference_id",
    "write_consent",
]
