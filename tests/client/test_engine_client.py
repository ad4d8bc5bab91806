"""The client with an engine that keeps to the rules."""

from __future__ import annotations

import pytest
from client_answers import Answers, ClientMaker, regions
from pytestqt.qtbot import QtBot

from frih_plugin.client.engine_client import EngineClient
from frih_plugin.protocol.messages import (
    CANCELLED,
    Failure,
    Harmonize,
    Harmonized,
    OpenLayer,
    RegionsFound,
    ResultSettings,
)
from frih_plugin.protocol.pixels import Pixels

LAYER = Pixels(3, 2, "rgba", "u16", bytes(range(48)), icc=b"a profile")
BACKGROUND = Pixels(5, 4, "rgb", "u8", bytes(60))


def test_client_becomes_ready_and_knows_its_engine(ready_client: EngineClient) -> None:
    assert ready_client.welcome is not None
    assert ready_client.welcome.backend == "scripted"
    assert ready_client.sentence == ""


def test_pixels_arrive_and_come_back_to_the_last_byte(
    ready_client: EngineClient, qtbot: QtBot
) -> None:
    answers = Answers(ready_client)
    ready_client.send(OpenLayer("a", LAYER, 0, 0, BACKGROUND))
    call = ready_client.send(Harmonize("a", ResultSettings()))
    qtbot.waitUntil(lambda: call in answers.found)
    outcome = answers.found[call]
    assert isinstance(outcome, Harmonized)
    assert bytes(outcome.layer.data) == LAYER.data
    assert outcome.layer.icc == LAYER.icc


def test_phase_is_busy_until_the_last_answer(ready_client: EngineClient, qtbot: QtBot) -> None:
    phases: list[str] = []
    ready_client.phase_changed.connect(lambda: phases.append(ready_client.phase))
    ready_client.send(regions("slow:0.05"))
    ready_client.send(regions("now"))
    assert ready_client.phase == "busy"
    qtbot.waitUntil(lambda: ready_client.phase == "ready")
    assert phases == ["busy", "ready"]


def test_progress_carries_the_id_of_its_request(ready_client: EngineClient, qtbot: QtBot) -> None:
    with qtbot.waitSignal(ready_client.progressed) as told:
        call = ready_client.send(regions("slow:0.05"))
    assert told.args == [call, "submasks", 0.5]


def test_cancelled_request_is_answered_so(ready_client: EngineClient, qtbot: QtBot) -> None:
    answers = Answers(ready_client)
    call = ready_client.send(regions("slow:30"))
    ready_client.cancel(call)
    qtbot.waitUntil(lambda: call in answers.found)
    outcome = answers.found[call]
    assert isinstance(outcome, Failure)
    assert outcome.code == CANCELLED


def test_cancel_of_an_answered_request_changes_nothing(
    ready_client: EngineClient, qtbot: QtBot
) -> None:
    answers = Answers(ready_client)
    first = ready_client.send(regions("now"))
    qtbot.waitUntil(lambda: first in answers.found)
    ready_client.cancel(first)
    second = ready_client.send(regions("now"))
    qtbot.waitUntil(lambda: second in answers.found)
    assert isinstance(answers.found[second], RegionsFound)


def test_requests_sent_before_the_welcome_are_held(make_client: ClientMaker, qtbot: QtBot) -> None:
    client = make_client()
    answers = Answers(client)
    client.start()
    kept, dropped = client.send(regions("now")), client.send(regions("now"))
    client.cancel(dropped)
    assert client.phase == "starting"
    qtbot.waitUntil(lambda: {kept, dropped} <= answers.found.keys(), timeout=20_000)
    assert isinstance(answers.found[kept], RegionsFound)
    assert answers.found[dropped] == Failure(CANCELLED, "It was cancelled.")


def test_much_on_standard_error_does_not_stop_the_engine(
    ready_client: EngineClient, qtbot: QtBot
) -> None:
    answers = Answers(ready_client)
    call = ready_client.send(regions("shout"))
    qtbot.waitUntil(lambda: call in answers.found)
    assert ready_client.log_file is not None
    assert "Loud words." in ready_client.log_file.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["PYTHONPATH", "LD_LIBRARY_PATH", "QT_PLUGIN_PATH"])
def test_engine_does_not_see_the_editors_variables(
    name: str, make_client: ClientMaker, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "/of/the/editor")
    client = make_client()
    answers = Answers(client)
    client.start()
    call = client.send(regions("variables"))
    qtbot.waitUntil(lambda: call in answers.found, timeout=20_000)
    outcome = answers.found[call]
    assert isinstance(outcome, Failure)
    assert name not in outcome.sentence.split()
    assert "PYTHONUTF8" in outcome.sentence.split()
