"""The deliverer that prints."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from recoverycore.hooks import Plugins, PrintingDeliverer, Receipt, RecoveryHooks
from tests.hooks.samples import CANARY, alert, deliver

if TYPE_CHECKING:
    import pytest


def test_one_message_is_one_line_of_whom_how_what_and_how_much() -> None:
    stream = io.StringIO()
    PrintingDeliverer(stream).recovery_deliver_message(alert(), "k-1")
    assert stream.getvalue() == "to peer:dana by sms: ask, class C0\n"


def test_nothing_of_what_a_message_says_is_printed() -> None:
    stream = io.StringIO()
    message = alert(content_class="C2", text=CANARY, address=CANARY, client_ref=CANARY, subject_ref=CANARY, why=CANARY, categories=[CANARY])
    PrintingDeliverer(stream).recovery_deliver_message(message, CANARY)
    assert stream.getvalue() == "to peer:dana by sms: ask, class C2\n"


def test_a_line_break_in_an_id_does_not_make_another_line() -> None:
    stream = io.StringIO()
    PrintingDeliverer(stream).recovery_deliver_message(alert(to="peer:dana\nto peer:lee\x1b[2J"), "k-1")
    assert stream.getvalue() == "to peer:dana�to peer:lee�[2J by sms: ask, class C0\n"


def test_the_same_key_is_printed_once_and_answered_each_time() -> None:
    stream = io.StringIO()
    printing = PrintingDeliverer(stream)
    receipts = [printing.recovery_deliver_message(alert(), key) for key in ("k-1", "k-1", "k-2")]
    assert stream.getvalue().count("\n") == 2
    assert receipts == [Receipt("handed_over")] * 3


def test_a_key_that_could_not_be_printed_is_printed_the_next_time() -> None:
    class Full(io.StringIO):
        full = True

        def write(self, text: str) -> int:
            if self.full:
                raise OSError
            return super().write(text)

    stream = Full()
    plugins = Plugins.build([PrintingDeliverer(stream)])
    assert deliver(plugins).delivery == "undelivered"
    stream.full = False
    assert deliver(plugins).delivery == "delivered"
    assert stream.getvalue().count("\n") == 1


def test_it_delivers_and_nothing_else() -> None:
    plugins = Plugins.build([PrintingDeliverer()])
    hooks = [name for name in dir(RecoveryHooks) if name.startswith("recovery_")]
    assert [name for name in hooks if plugins.implementing(name)] == ["recovery_deliver_message"]


def test_without_a_stream_it_prints_to_the_standard_output_of_that_moment(capsys: pytest.CaptureFixture[str]) -> None:
    assert deliver(Plugins.build([PrintingDeliverer()])).delivery == "delivered"
    assert capsys.readouterr().out == "to peer:dana by sms: ask, class C0\n"
