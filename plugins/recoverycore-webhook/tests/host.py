"""A host process that is meant to be killed: it reports check-ins on a file and delivers them, from wherever it was before.

Usage: host.py DATABASE URL HOW_MANY. Each check-in has an id of its own, so what was reported before is not reported again.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta

from recoverycore import Client, Engine, ManualClock, Member, Programme, Rule, Settings, Team
from recoverycore_webhook import Webhook, WebhookSettings

NIGHT = datetime(2026, 11, 4, 22, 47, tzinfo=UTC)
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105 - the secret of the standard's own example
SECONDS = 1.5


def main(database: str, url: str, many: int) -> None:
    """Report everything, then tick until nothing waits any more."""
    settings = WebhookSettings(
        url=url, secrets=[SECRET], channels=["sms"], answer_within=SECONDS - 0.2, deliver_within=SECONDS, http_on_localhost=True
    )
    engine = Engine.open(
        database,
        [Webhook(settings, clock=ManualClock(NIGHT))],
        settings=Settings(deliver_within=timedelta(seconds=SECONDS), tries=1_000),
        clock=ManualClock(NIGHT),
    )
    tell = {"id": "tell", "when": {"event": "checked_in"}, "tell": [{"person": "dana"}]}
    dana = Member(id="dana", roles=("peer",), channels=("sms", "voice"))
    for document in (Programme(id="programme", zone="Europe/London"), Rule.model_validate(tell), Client(id="c-17")):
        engine.put(document, at=NIGHT, command_id=f"put-{document.id}")
    engine.put(Team(zone="Europe/London", members=(dana,)), client="c-17", at=NIGHT, command_id="put-team")
    for number in range(many):
        engine.report(client="c-17", kind="checked_in", at=NIGHT, command_id=f"check-in-{number}")
    for minute in range(1, 24 * 60):
        engine.tick(NIGHT + timedelta(minutes=minute))
    engine.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
