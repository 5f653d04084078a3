"""Faults to plant in a copy of the reference decider: each is one sentence of the rules told wrongly, as old and new source text."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recoverycore.consent import reference

if TYPE_CHECKING:
    from collections.abc import Callable

Json = dict[str, Any]
HOME = Path(reference.__file__).parent
CORE = {
    "a permit before a deny": ("answering", "    if denies:", "    if denies and len(denies) == len(covering):"),
    "one purpose is enough": ("deciding", 'all(answer.verdict == "permit"', 'any(answer.verdict == "permit"'),
    "nothing overrides": ("answering", "if rule.overrides:", "if False:"),
    "every rule overrides": ("answering", "if rule.overrides:", "if True:"),
    "an emergency in data needs nothing": ("profiles", "level >= least for", "True for"),
    "any label is enough for a permit": ("question", "all(reached) if", "any(reached) if"),
    "a deny needs every label": ("question", "any(reached) or", "all(reached) or"),
    "a code means what is above it": (
        "question",
        "[step] = values_of(axis, [point])",
        "step = next((low for low, up in above.items() if up == point), point)",
    ),
    "the labels of the source are dropped": ("question", ".get(source) or ())]", ".get(None) or ())]"),
    "a program's own record is not SUD": ("question", 'own.append("SUD")', "own.append(own[0]) if own else None"),
    "what is unknown never covers": ("question", 'not (polarity == "deny" if covered is None', "not (False if covered is None"),
    "a deny that names no action means disclosure": ("words", '"deny": EVERYTHING}', '"deny": {**EVERYTHING, "actions": ["disclose"]}}'),
    "a deny of no discloser binds nobody": ("question", 'named in (None, "*", asked)', 'named in ("*", asked)'),
    "except-boxes are ignored": ("question", 'paper.get("except") or ()', "()"),
    "an except-box matches like its own directive": ("question", 'like = OTHER[paper["polarity"]]', 'like = paper["polarity"]'),
    "an end date leaves out its day": ("question", 'CLOSES[polarity](ends(end["value"]', 'CLOSES[polarity](begins(end["value"]'),
    "an end instant is inside": ("question", "self.at >= CLOSES[polarity](ends(end", "self.at > CLOSES[polarity](ends(end"),
    "a start instant is outside": ("question", '"not_started": self.at <', '"not_started": self.at <='),
    "either of two starts will do": ("question", "return max(bounds", "return min(bounds"),
    "a day begins in Greenwich": ("words", "for hours in (14, -12)", "for hours in (0,)"),
    "a deny has the least time too": ("words", '{"permit": min, "deny": max}', '{"permit": min, "deny": min}'),
    "a date stops a deny at its start": ("question", "begins(text, self.zone) + ends(text, self.zone)", "begins(text, self.zone)"),
    "an unknown event ends nothing": ("question", 'return bool(polarity == "permit")', "return False"),
    "a revocation touches everybody": ("question", "if (named is None or", "if (True or"),
    "a revocation without names touches nobody": ("question", "if (named is None or", "if (named := named or ()) and ("),
    "reliance saves every purpose": ("question", ' and self.within("payment")\n', "\n"),
    "reliance saves nothing": ("question", 'in (self.fact("acted_in_reliance") or {}).get(paper["id"], ())', "in ()"),
    "a suspension has no end": ("question", 'over = each.get("to") is not None and', "over = False and"),
    "a superseded paper revives": (
        "question",
        "or self.at < self.start(new, CLOSES",
        'or new["status"] == "inactive" or self.at < self.start(new, CLOSES',
    ),
    "a paper that could not be read supersedes a deny": (
        "question",
        'in ("active", "inactive")\n        return old',
        'in ("active", "inactive", "unprocessable")\n        return old',
    ),
    "a paper with a defect supersedes a deny": (
        "question",
        "read and not any(profile.flaws",
        "read and not all([]) or any(profile.flaws",
    ),
    "supersession waits for the latest midnight": ("question", "self.start(new, CLOSES[", "self.start(new, OPENS["),
    "denies in a circle are dead": ("question", " or each not in replaced for each", " or True for each"),
    "a deny that could not be read is no deny": ("question", '(status != "inactive" and polarity == "deny")', "False"),
    "unknown polarity permits": ("question", 'if paper.get("polarity") == "permit"', 'if paper.get("polarity") != "deny"'),
    "a person anywhere": ("recipients", '_there(selector.get("org"), who.get("org")) if', "True if"),
    "a role is held for ever": ("recipients", 'held["role"] == role and running', 'held["role"] == role'),
    "a role anywhere": ("recipients", '_there(org, held.get("org"))', "True"),
    "a place nobody knows is another one": ("recipients", "None if place is None else asked ==", "asked =="),
    "a record without labels is out of reach of every deny": ("question", ' or "*" in written\n\n', "\n\n"),
    "the last signed is the basis": ("answering", "str(min(order)[1])", "str(max(order)[1])"),
    "the first by name is the basis": ("answering", "str(min(order)[1])", "min(each[1] for each in order)"),
    "the end of a data period is outside": ("question", "<= parse_day(end)", "< parse_day(end)"),
    "no purpose is every purpose": ("deciding", "unavailable or not purposes or", "unavailable or"),
    "a profile that is not there is not missed": ("deciding", "refused = unavailable or", "refused ="),
    "a restrictor restricts everything": ("deciding", "denied |= touched", "denied |= set(range(len(asked)))"),
    "rubbish restricts nothing": ("deciding", "denied |= set(range(len(asked)))", "pass"),
    "a restrictor widens": (
        "deciding",
        '            reports |= {"report_plugin_conflict"}',
        '            denied -= touched\n            reports |= {"report_plugin_conflict"}',
    ),
    "a claim permitted is not reviewed": ("deciding", 'found |= {"post_review"} if', "found |= set() if"),
    "a claim refused alerts nobody": ("deciding", 'found |= {"alert_privacy_officer"} if', "found |= set() if"),
    "another grant withdrawn is not told": ("deciding", 'found.add("warn_overlapping_grant")', "pass"),
    "each box fails on all": ("deciding", "found | min((", "found | max(("),
    "a deny said again in a tree pins nothing": ("trees", 'if answer == "deny" and own == polarity == "deny":', "if False:"),
    "what nobody knows fits a permit of a tree": (
        "trees",
        'return all(polarity == "deny" if answer is None else answer',
        "return all(True if answer is None else answer",
    ),
    "what nobody knows fits no deny of a tree": (
        "trees",
        'return all(polarity == "deny" if answer is None else answer',
        "return all(answer is True",
    ),
    "a tree that could not be read denies nothing": ("trees", '"deny") if tree["decision"] == "deny" else None', '"deny") and None'),
    "a group is no actor": ("trees", 'or who.get("id") in groups.get(actor, ())', ""),
    "one sibling that permits again is enough": (
        "trees",
        "return opposite if opposite in found else",
        "return opposite if found and opposite in found[-1:] else",
    ),
}
PROFILES = {
    "a bar accepts every form": ("part2", 'barred = any(f"form:{form}" not in', 'barred = any(False and f"form:{form}" not in'),
    "a bar accepts every rule": ("answering", 'all(f"rule:{rule.name}" in bar for bar in bars)', "True"),
    "notes not known to be separated are none": (
        "conditions",
        'question.record.get("separated") is not False\n\n\ndef is_therapy',
        'question.record.get("separated") is True\n\n\ndef is_therapy',
    ),
    "form tpo reaches every purpose": ("part2", 'if form == "tpo" and not', 'if form == "nothing" and not'),
    "a notes form reaches everything": ("part2", '(form == "notes" and not is_note(question))', "False"),
    "a mixed notes form is still one": ("forms", 'if form == "notes" and labels - note_labels:', "if False:"),
    "a mixed proceedings form is still one": ("forms", 'if form == "proceedings" and not all', 'if form == "nothing" and not all'),
    "a parent signs for a minor": (
        "forms",
        'right = parent if rule == "parent" else "client" in signed',
        'right = parent or "client" in signed',
    ),
    "a minor always signs alone": ("forms", '(parent or rule == "minor_alone")', "True"),
    "a director signs for treatment": ("forms", 'in signed and question.within("payment")', "in signed"),
    "a guardian not known to be one signs nothing": ("forms", 'right = "guardian" in signed', "right = False"),
    "a spouse signs beside an executor": ("forms", '("spouse" in signed and nobody[0])', '"spouse" in signed'),
    "an unknown element is none": ("forms", "or code not in KNOWN", ""),
    "every form may be endless": ("forms", "return [] if written or", "return [] if True or"),
    "a notes consent may be a condition": ("part2", 'if form == "notes" and paper.get("conditioned', 'if False and paper.get("conditioned'),
    "what is false may be relied on": ("part2", 'if "materially_false" in', 'if "nothing" in'),
    "HIPAA's statement is never asked for": ("part2", 'required.append("hipaa_redisclosure_statement")', "pass"),
    "HIPAA's statement is always asked for": ("part2", 'in (None, "covered_entity", "business_associate"):', "not in ():"),
    "fundraising needs no way out": ("part2", 'required.append("fundraising_opt_out")', "pass"),
    "a word of mouth lifts a deny": ("question", "if spoken_will_do or not profile.wants_writing or", "if True or"),
    "a word of mouth stops no permit": ("question", 'spoken_will_do = paper["polarity"] == "permit" and', "spoken_will_do = False and"),
    "writing is not asked for afterwards": ("deciding", 'return {"obtain_written_revocation"}', "return set()"),
    "any form may put off its revocation": (
        "question",
        'or paper.get("form") not in profile.revocable_from',
        "or not profile.wants_writing",
    ),
    "a revocation put off works at once": ("question", "return happened is None or not", "return False and not"),
    "an emergency has no end": ("conditions", "over = ended is not None and", "over = False and"),
    "an emergency ends after its instant": ("conditions", 'question.come(ended, "permit"))', 'question.come(ended, "deny"))'),
    "a no in an emergency counts for nothing": ("conditions", ' and question.fact("emergency.patient_refused", absent=False) is False', ""),
    "an emergency opens more than is necessary": ("conditions", "wanted = necessary is None or", "wanted = True or"),
    "an order reaches every record": ("conditions", 'in (question.fact("legal.part2_order.records") or ())', "is not None"),
    "an order reaches confidences": ("conditions", "confidences_may_go(question) or question.record", "True or question.record"),
    "an order needs no section": ("conditions", 'in ("2.64", "2.65", "2.66")', "!= 1"),
    "an agreement need not be signed": (
        "conditions",
        '"with": question.recipient.get("id"), "signed": True}',
        '"with": question.recipient.get("id")}',
    ),
    "a trainee anywhere": ("conditions", '"supervised-trainee", place,', '"supervised-trainee", None,'),
    "a report may be made twice": ("conditions", 'question.fact("report_already_made", absent=False) is False', "True"),
    "the overridden are not told": ("answering", "frozenset({*rule.duties.split(), *overridden})", "frozenset(rule.duties.split())"),
    "the notice stays behind": ("part2", 'f"part2_notice consent_copy', 'f"consent_copy'),
    "an intermediary lists nothing": (
        "part2",
        '" intermediary_list_entry" if question.recipient.get("via")',
        '"" if question.recipient.get("via")',
    ),
    "own people are told nothing too": ("part2", 'return "" if own else', 'return "" if False else'),
    "no other way is offered": ("deciding", 'found |= {"offer_alternatives"} if', "found |= set() if"),
    "treating is not asked of a class": ("recipients", 'return _treats(who) if question.within("treatment") else True', "return True"),
    "who is known not to treat is treated": ("conditions", "and treats is not False", ""),
    "who is not known to treat does not": ("conditions", "and treats is not False", "and treats is True"),
    "psychotherapy notes are like the rest": (
        "shipped",
        '{"bar"} if (self._form(question, paper) == "notes") != is_therapy_note(question) else',
        '{"bar"} if False else',
    ),
    "a release from a shelter needs no end": ("shipped", "unwritten(paper) + endless(paper) +", "unwritten(paper) +"),
    "a release signed by an abuser counts": ("profiles", '["abuser_signed"] if paper.get("abuser_signed") else []', "[]"),
    "hashing is enough": ("shipped", 'not in (None, "hashed_identifier")', "is not None"),
    "a copy goes on for ever": ("answering", "return not any(each.stopped_by", "return True or not any(each.stopped_by"),
    "a copy goes on from anybody": ("answering", "return holder.inside(paper) and stands(", "return stands("),
    "a copy goes on for any form": ("part2", 'if paper.get("form") == "tpo" and hipaa_reaches', "if hipaa_reaches"),
    "a contractor needs no contract": ("part2", "if bound and helps else", "if helps else"),
    "a copy from nowhere goes on": ("question", 'if copy and copy.get("holder") ==', "if copy and True or copy =="),
    "a deny does not follow the copy": ("question", "or not {None, named}.isdisjoint(released_before(self))", ""),
    "any permit lets a copy go on": ("question", '(named == "*" and self.action != "redisclose")', 'named == "*"'),
    "every exception is for copies too": ("profiles", "self.held or profile.copies_are_disclosures", "True"),
    "the accounting goes back for ever": ("ledger", "and recent and made and", "and made and"),
    "the accounting lists treatment": ("ledger", '(beyond or entry.get("ehr") is True)', "True"),
    "the accounting leaves out that very time": ("ledger", "last >= _since(question) if", "last > _since(question) if"),
}
SWITCHES = {
    f"{name} is not a choice": (
        "deciding",
        'switches = {**SWITCHES, **(given.get("switches") or {})}',
        f'switches = {{**SWITCHES, **(given.get("switches") or {{}}), {name!r}: SWITCHES[{name!r}]}}',
    )
    for name in reference.SWITCHES
}
FAULTS = CORE | PROFILES | SWITCHES


def told_wrongly(fault: str, folder: Path) -> Callable[[Json], Json]:
    """A copy of the reference decider with one fault."""
    file, old, new = FAULTS[fault]
    package = f"told_wrongly_{list(FAULTS).index(fault)}"
    (folder / package).mkdir()
    for source in HOME.glob("*.py"):
        text = source.read_text("utf-8")
        if source.stem == file:
            assert text.count(old) == 1
            text = text.replace(old, new)
        (folder / package / source.name).write_text(text.replace("recoverycore.consent.reference", package), "utf-8")
    sys.path.insert(0, str(folder))
    try:
        decide: Callable[[Json], Json] = import_module(package).reference_decide
    finally:
        sys.path.remove(str(folder))
    return decide
