"""The hooks themselves. The docstring of each is its documentation: when, what it gets, what it answers, what a failure means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from recoverycore.hooks import answers
from recoverycore.hooks.marks import API_VERSION, hookspec
from recoverycore.hooks.policies import Lattice

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from recoverycore.consent import Profile, Request, Restriction
    from recoverycore.hooks.values import AuditEntry, OutgoingMessage, ProblemReport, Receipt

__all__ = ["RecoveryHooks"]

_WITHHELD: Lattice[frozenset[str]] = Lattice(frozenset(), frozenset.union, frozenset({answers.EVERYTHING}))
"""What restrictions come to together: everything that any of them withholds, and all of it in doubt."""


class RecoveryHooks:
    """Every hook there is, and the base class for plugins: override what you need and put ``@hookimpl`` above it.

    A hook that is not overridden is not registered, so it costs nothing and abstains from nothing. A plugin need not
    be a child of this class: any object or module with marked functions and ``recoverycore_api = 1`` will do.
    All arguments are frozen. No order among plugins exists; each is called, whatever the others do.

    >>> from recoverycore.hooks import Plugins, Receipt, hookimpl
    >>> class Pager(RecoveryHooks):
    ...     recoverycore_name = "pager"
    ...
    ...     @hookimpl
    ...     def recovery_deliver_message(self, message, key):
    ...         return Receipt("accepted") if message.channel == "pager" else None
    >>> Plugins.build([Pager()]).implementing("recovery_deliver_message")
    ('pager',)
    """

    recoverycore_api: ClassVar[int] = API_VERSION
    recoverycore_name: str = ""
    """The name in every report and setting; empty: the name of the class."""

    @hookspec(answers.store)
    def recovery_provide_store(self, settings: Mapping[str, Any]) -> object:  # noqa: ARG002 - a specification does nothing
        """Give the store in which an engine keeps everything.

        When:
            Once, while the engine is built; exactly one plugin may provide it.
        Receives:
            `settings`: the host's settings for the store, read-only.

        Returns:
            An object with the methods of a store: ``unit`` (one transaction) and ``close``, as `recoverycore.engine.stores.Store` has them.
        If it fails:
            `PluginError` at once: an engine without its store must not start.

        Example:
            ``return MyStore(settings["path"])``

        """
        return None

    @hookspec(answers.directory_documents)
    def recovery_contribute_directories(self, region: str) -> Sequence[Mapping[str, Any]] | None:  # noqa: ARG002 - as above
        """Add crisis lines and services to the directory of a region.

        When:
            Whenever the directory of a region is put together.
        Receives:
            `region`: the region's code, for example ``"GB"``.

        Returns:
            A list of directory entries as JSON objects; None or an empty list when there is nothing for this region.
            Each entry is validated by itself, and entries of all plugins are merged by id.
        If it fails:
            This plugin's entries are left out and the failure is reported; the entries that come with the library stay.

        Example:
            ``return [{"id": "gb.samaritans", ...}] if region == "GB" else None``

        """
        return None

    @hookspec(answers.directory_documents)
    def recovery_contribute_documents(self, region: str) -> Sequence[Mapping[str, Any]] | None:  # noqa: ARG002 - as above
        """Add protocols and rules of a place, as documents that a programme may take over.

        When:
            Whenever a host looks for the local documents of a region. Nothing that is contributed is in force by itself.
        Receives:
            `region`: the region's code, for example ``"US-MN-053"``.

        Returns:
            A list of local documents as JSON objects; None or an empty list when there is nothing for this region. What each holds is
            checked by the published schema of its kind, then by its meaning; documents of all plugins are merged by id.
        If it fails:
            This plugin's documents are left out and the failure is reported; those that come with the library stay.

        Example:
            ``return [{"id": "hennepin.crisis", "kind": "protocol", "region": "US-MN-053", "data": {...}}]``

        """
        return None

    @hookspec(answers.consent_profiles)
    def recovery_contribute_consent_profiles(self) -> Sequence[Profile] | None:
        """Bring the law of a jurisdiction to decisions on consent.

        When:
            Once, while the engine is built.
        Receives:
            Nothing.

        Returns:
            A list with the one profile that has the plugin's own name, so that a host who names the plugin names the law.
            From then on it counts in every decision: where it applies, nothing is released that it does not permit.
        If it fails:
            The profile was named and is not there: nothing is released (``profile_unavailable``) until it is. So it is
            with a profile of another name than the plugin's.

        Example:
            ``return [Profile(id="us.42cfr2", version="2024.1", applies=..., rules=...)]``

        """
        return None

    @hookspec(answers.withheld, lattice=_WITHHELD)
    def recovery_restrict_consent(self, client: str, request: Request) -> Restriction | None:  # noqa: ARG002 - as above
        """Withhold records that the papers and the law would release: a house rule, a stricter law, a request of the person.

        When:
            At each decision of an engine on who may see what: a question, a disclosure, the content of a message. The engine's
            transaction is open, so answer from what you have; a call to the engine itself would wait for its own end.
        Receives:
            `client`: the id of the person the records are about.
            `request`: who asks, for what, when, and which records; ids and codes only. An engine names each record by its category.

        Returns:
            A `Restriction`: all records, or the ids in its `records`. None when you withhold nothing. There is no answer that releases
            more than was permitted before, and the answers of all plugins hold together, in whatever order.
        If it fails:
            Nothing is released: the decision carries ``report_plugin_error`` and the failure is reported by name. So it is with a
            late answer; until the end of that command nobody is asked again. Waking staff with a message that holds nothing goes on.

        Example:
            ``return Restriction(records=frozenset({"employment"})) if "payment" in request.purposes else None``

        """
        return None

    @hookspec(answers.receipt)
    def recovery_deliver_message(self, message: OutgoingMessage, key: str) -> Receipt | None:  # noqa: ARG002 - as above
        """Carry one message to one person or service.

        When:
            A message is due. Every deliverer is called, at once if there is a deadline; take only your own channels.
        Receives:
            `message`: what to say, to whom, on which channel, of which content class. Add nothing to its text.
            `key`: the idempotency key. The same key may come again after a crash or a late answer: send it once.

        Returns:
            A `Receipt` with what is known so far; None when the channel is not yours.
        If it fails:
            Recorded by name; the others are still called, and without any receipt the next channel is tried.
            Until a late answer comes nobody knows; then it is taken like a receipt that comes later.

        Example:
            ``return Receipt("accepted", provider=sms.send(message.address.reveal(), message.text.reveal(), key))``

        """
        return None

    @hookspec(answers.nothing)
    def recovery_on_audit(self, entry: AuditEntry) -> None:
        """Learn of each link of the audit trail, after it was stored.

        When:
            After the unit of work that wrote the entry was committed.
        Receives:
            `entry`: number, instant, code and facts without content.

        Returns:
            Nothing.
        If it fails:
            Recorded by name and reported; the stored trail is complete without it.

        Example:
            ``syslog.info("%s %s", entry.seq, entry.code)``

        """

    @hookspec(answers.nothing)
    def recovery_on_tick(self, at: datetime, next_due: datetime | None) -> None:
        """Learn that the host has called ``tick``: a heartbeat for whatever watches that it goes on being called.

        When:
            After each tick, when everything that was due has been done.
        Receives:
            `at`: the instant of the tick. `next_due`: when the next clock runs out; None when none runs.

        Returns:
            Nothing.
        If it fails:
            Recorded by name and reported; the next tick comes all the same.

        Example:
            ``dead_mans_switch.reset(until=at + timedelta(minutes=3))``

        """

    @hookspec(answers.nothing)
    def recovery_on_problem(self, problem: ProblemReport) -> None:
        """Learn that a plugin failed, was late or answered nonsense.

        When:
            After a call in which that happened.
        Receives:
            `problem`: hook, plugin, status, the class of the error without its text, and the instant if the call had one.

        Returns:
            Nothing.
        If it fails:
            It goes to the log ``recoverycore.hooks`` only: there is no report about a failed report.

        Example:
            ``page_the_operator(problem.plugin, problem.status)``

        """
