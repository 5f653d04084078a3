"""WHO MAY SEE, decided the slow and plain way: one function for each sentence of the rules, plain loops, no compiled form.

The fast decision is held against it, so the two share no code. It reads the JSON of a case as it stands, and is meant to be read from
`words` (the axes, and what a date means) over `question` (when a paper counts and what it covers), `profiles` and the shipped ones, to
`answering` (the order of answers) and `deciding` (the whole answer). It may import `ground`.
"""

from typing import TYPE_CHECKING

from recoverycore._lazy import attach

if TYPE_CHECKING:
    from recoverycore.consent.reference.deciding import SWITCHES as SWITCHES
    from recoverycore.consent.reference.deciding import reference_decide as reference_decide

__all__ = ["SWITCHES", "reference_decide"]

__getattr__, __dir__ = attach(__name__, {"deciding": ("SWITCHES", "reference_decide")})
