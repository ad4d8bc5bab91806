"""Storms of requests: one under way, the newest waits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frih_plugin.client.latest import LatestWins


class Desk:
    """Takes requests without answering them."""

    def __init__(self, *, let_finish: bool = False) -> None:
        self.sent: list[int] = []
        self.cancelled: list[int] = []
        self.latest = LatestWins[int](self._send, self.cancelled.append, let_finish=let_finish)

    def _send(self, request: int) -> int:
        self.sent.append(request)
        return len(self.sent)


def test_first_request_is_sent_at_once_and_shown() -> None:
    desk = Desk()
    desk.latest.ask(10)
    assert desk.sent == [10]
    assert desk.latest.take(1)
    assert desk.latest.under_way is None


def test_newer_request_cancels_the_running_one_once_and_waits() -> None:
    desk = Desk()
    for request in (10, 11, 12):
        desk.latest.ask(request)
    assert desk.sent == [10]
    assert desk.cancelled == [1]


def test_only_the_newest_follows_and_is_shown() -> None:
    desk = Desk()
    for request in (10, 11, 12):
        desk.latest.ask(request)
    assert not desk.latest.take(1)
    assert desk.sent == [10, 12]
    assert desk.latest.take(2)


def test_let_finish_shows_each_answer_on_the_way() -> None:
    desk = Desk(let_finish=True)
    for request in (10, 11, 12):
        desk.latest.ask(request)
    assert desk.cancelled == []
    assert desk.latest.take(1)
    assert desk.sent == [10, 12]


@pytest.mark.parametrize("call", [0, 1, 3])
def test_late_or_foreign_answer_is_dropped_by_its_id(call: int) -> None:
    desk = Desk()
    desk.latest.ask(10)
    desk.latest.take(1)
    desk.latest.ask(11)
    assert not desk.latest.take(call)
    assert desk.latest.under_way == 2


def test_dropped_request_is_cancelled_and_not_shown() -> None:
    desk = Desk(let_finish=True)
    desk.latest.ask(10)
    desk.latest.ask(11)
    desk.latest.drop()
    assert desk.cancelled == [1]
    assert not desk.latest.take(1)
    assert desk.sent == [10]


def test_request_after_a_drop_is_sent_when_the_dropped_one_is_answered() -> None:
    desk = Desk()
    desk.latest.ask(10)
    desk.latest.drop()
    desk.latest.ask(11)
    assert not desk.latest.take(1)
    assert desk.latest.take(2)
    assert desk.cancelled == [1]


@pytest.mark.parametrize("let_finish", [True, False])
@given(answers=st.lists(st.booleans(), max_size=60))
def test_the_last_request_is_always_the_last_one_shown(
    answers: list[bool], *, let_finish: bool
) -> None:
    desk = Desk(let_finish=let_finish)
    shown: list[int] = []

    def answer() -> None:
        call = desk.latest.under_way
        if call is not None:
            asked = desk.sent[call - 1]
            if desk.latest.take(call):
                shown.append(asked)

    for number, answered in enumerate(answers):
        desk.latest.ask(number)
        if answered:
            answer()
    while desk.latest.under_way is not None:
        answer()
    assert shown == sorted(shown)
    assert not answers or shown[-1] == len(answers) - 1
