"""What waits, what is overtaken, and who is answered when: without any process or thread."""

from __future__ import annotations

from dataclasses import replace

import pytest
from made_layers import scene

from engine.server.jobs import Jobs
from frih_plugin.protocol import PROTOCOL_VERSION
from frih_plugin.protocol import framing as bounds
from frih_plugin.protocol.codec import Call, Reply
from frih_plugin.protocol.messages import (
    CANCELLED,
    Closed,
    CloseLayer,
    Failure,
    FindRegions,
    Harmonize,
    Hello,
    MakePreview,
    OpenLayer,
    Request,
    ResultSettings,
)

SETTINGS = ResultSettings()


class Desk:
    """Jobs, and what they answered."""

    def __init__(self) -> None:
        self.sent: list[Reply] = []
        self.jobs = Jobs(self.sent.append)

    def add(self, *requests: Request) -> None:
        first = len(self.sent) + 1
        for number, request in enumerate(requests, start=first):
            self.jobs.add(Call(number, request))

    def codes(self) -> dict[int, str]:
        return {r.id: r.outcome.code for r in self.sent if isinstance(r.outcome, Failure)}


def regions(key: str = "a", cutoff: float = 0.1) -> FindRegions:
    return FindRegions(key, cutoff)


def preview(key: str = "a") -> MakePreview:
    return MakePreview(key, SETTINGS)


def opening(key: str = "a") -> OpenLayer:
    return replace(scene().request(), key=key)


def test_a_later_request_of_the_same_kind_overtakes_one_that_waits() -> None:
    desk = Desk()
    desk.add(regions(), regions(), regions())
    assert desk.codes() == {1: CANCELLED, 2: CANCELLED}
    assert desk.jobs.next().call.id == 3


def test_a_later_request_stops_one_under_way_and_its_result_is_dropped() -> None:
    desk = Desk()
    desk.add(preview())
    running = desk.jobs.next()
    desk.jobs.add(Call(2, preview()))
    assert running.stop.is_set()
    assert desk.codes() == {1: CANCELLED}
    desk.jobs.answer(running, Closed())
    assert len(desk.sent) == 1


def test_other_kinds_and_other_layers_are_left_alone() -> None:
    desk = Desk()
    desk.add(regions("a"), preview("a"), regions("b"), Harmonize("a", SETTINGS))
    assert desk.sent == []


@pytest.mark.parametrize("last", [CloseLayer("a"), opening("a")], ids=["closed", "opened again"])
def test_all_work_on_a_layer_ends_when_it_is(last: Request) -> None:
    desk = Desk()
    desk.add(opening("a"), regions("a"), preview("a"), Harmonize("a", SETTINGS), regions("b"))
    desk.jobs.add(Call(9, last))
    assert set(desk.codes()) == {1, 2, 3, 4}
    assert {desk.jobs.next().call.id for _ in range(2)} == {5, 9}


def test_quick_requests_go_first() -> None:
    desk = Desk()
    desk.add(Harmonize("a", SETTINGS), preview("a"), regions("a"), opening("b"))
    desk.jobs.add(Call(5, Hello(PROTOCOL_VERSION, "test")))
    assert [desk.jobs.next().call.id for _ in range(5)] == [5, 4, 3, 2, 1]


def test_a_cancel_is_answered_at_once_and_once() -> None:
    desk = Desk()
    desk.add(preview("a"), preview("b"))
    running = desk.jobs.next()
    desk.jobs.cancel(1)
    desk.jobs.cancel(1)
    desk.jobs.cancel(77)
    assert desk.codes() == {1: CANCELLED}
    assert len(desk.sent) == 1
    assert running.stop.is_set()
    assert desk.jobs.next().call.id == 2


def test_a_cancelled_request_that_waits_is_never_worked_on() -> None:
    desk = Desk()
    desk.add(regions("a"), regions("b"))
    desk.jobs.cancel(1)
    assert desk.jobs.next().call.id == 2


def test_a_number_in_use_is_refused() -> None:
    desk = Desk()
    desk.jobs.add(Call(1, regions("a")))
    desk.jobs.add(Call(1, regions("b")))
    assert desk.codes() == {1: "broken-request"}


def test_pixels_that_wait_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.server.jobs.MAX_BLOCK_BYTES", 200_000)
    desk = Desk()
    desk.add(opening("a"), opening("b"), opening("c"))
    assert desk.codes() == {2: "too-much-waiting", 3: "too-much-waiting"}
    assert desk.jobs.next().call.id == 1
    assert bounds.MAX_BLOCK_BYTES > 200_000
