"""The client with an engine that dies, hangs, talks nonsense or is of another time."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

import pytest
from client_answers import Answers, ClientMaker, regions
from programs import is_gone
from pytestqt.qtbot import QtBot

from frih_plugin.client import engine_client
from frih_plugin.client.engine_client import ENGINE_LOST, EngineClient
from frih_plugin.client.engine_command import EngineCommand
from frih_plugin.protocol import PROTOCOL_VERSION
from frih_plugin.protocol.messages import CANCELLED, RegionsFound

WAIT_MS = 20_000


def process_id(client: EngineClient) -> int:
    found = client.process_id
    assert found is not None
    return found


@pytest.mark.parametrize("misdeed", ["die", "garble", "lie"])
def test_every_open_request_is_answered_and_the_engine_restarts(
    misdeed: str, ready_client: EngineClient, qtbot: QtBot
) -> None:
    answers = Answers(ready_client)
    calls = [ready_client.send(regions(key)) for key in (misdeed, "ignore", "slow:30")]
    qtbot.waitUntil(lambda: ready_client.phase == "restarting", timeout=WAIT_MS)
    assert [answers.code(call) for call in calls] == [ENGINE_LOST] * 3
    qtbot.waitUntil(lambda: ready_client.phase == "ready", timeout=WAIT_MS)
    assert ready_client.sentence == ""
    call = ready_client.send(regions("now"))
    qtbot.waitUntil(lambda: call in answers.found)
    assert isinstance(answers.found[call], RegionsFound)


def test_killed_engine_restarts(ready_client: EngineClient, qtbot: QtBot) -> None:
    answers = Answers(ready_client)
    call = ready_client.send(regions("slow:30"))
    os.kill(process_id(ready_client), signal.SIGTERM)
    qtbot.waitUntil(lambda: ready_client.phase == "restarting", timeout=WAIT_MS)
    assert answers.code(call) == ENGINE_LOST
    assert "killed or crashed" in ready_client.sentence
    qtbot.waitUntil(lambda: ready_client.phase == "ready", timeout=WAIT_MS)


def test_last_words_of_the_engine_are_the_reason(ready_client: EngineClient, qtbot: QtBot) -> None:
    ready_client.send(regions("die"))
    qtbot.waitUntil(lambda: ready_client.phase == "restarting", timeout=WAIT_MS)
    assert "(The scripted engine has had enough.)" in ready_client.sentence


def test_request_sent_on_hearing_of_the_loss_reaches_the_next_engine(
    ready_client: EngineClient, qtbot: QtBot
) -> None:
    answers = Answers(ready_client)
    again: list[int] = []

    def send_again() -> None:
        if not again:
            again.append(ready_client.send(regions("now")))

    ready_client.answered.connect(send_again)
    ready_client.send(regions("die"))
    qtbot.waitUntil(lambda: bool(again) and again[0] in answers.found, timeout=WAIT_MS)
    assert isinstance(answers.found[again[0]], RegionsFound)


def test_engine_that_never_gets_up_fails_after_three_restarts(
    make_client: ClientMaker, qtbot: QtBot
) -> None:
    client = make_client("--needs-file", "absent")
    phases: list[str] = []
    client.phase_changed.connect(lambda: phases.append(client.phase))
    answers = Answers(client)
    client.start()
    held = client.send(regions("now"))
    qtbot.waitUntil(lambda: client.phase == "failed", timeout=WAIT_MS)
    assert "(The scripted engine does not get up.)" in client.sentence
    assert answers.code(held) == ENGINE_LOST
    assert phases == ["restarting", "failed"]
    later = client.send(regions("now"))
    assert later not in answers.found
    qtbot.waitUntil(lambda: later in answers.found)
    assert answers.code(later) == ENGINE_LOST


def test_failed_client_can_be_started_again(
    make_client: ClientMaker, qtbot: QtBot, tmp_path: Path
) -> None:
    client = make_client("--needs-file", str(tmp_path / "weights"))
    client.start()
    qtbot.waitUntil(lambda: client.phase == "failed", timeout=WAIT_MS)
    (tmp_path / "weights").touch()
    client.start()
    assert client.phase == "starting"
    qtbot.waitUntil(lambda: client.phase == "ready", timeout=WAIT_MS)


def test_program_that_is_not_there_fails_at_once(make_client: ClientMaker, qtbot: QtBot) -> None:
    client = make_client(command=EngineCommand("no-such-engine", ()))
    answers = Answers(client)
    client.start()
    call = client.send(regions("now"))
    qtbot.waitUntil(lambda: client.phase == "failed" and call in answers.found, timeout=WAIT_MS)
    assert "could not be started" in client.sentence


def test_program_that_speaks_no_protocol_fails(make_client: ClientMaker, qtbot: QtBot) -> None:
    chatter = EngineCommand(sys.executable, ("-c", "print('hello ' * 1000)"))
    client = make_client(command=chatter)
    client.start()
    qtbot.waitUntil(lambda: client.phase == "failed", timeout=WAIT_MS)
    assert "garbled" in client.sentence


@pytest.mark.parametrize(
    ("version", "advice"),
    [
        (PROTOCOL_VERSION - 1, "update the engine."),
        (PROTOCOL_VERSION + 1, "update the plug-in in this editor."),
    ],
)
def test_other_protocol_version_says_which_side_to_update(
    version: int, advice: str, make_client: ClientMaker, qtbot: QtBot
) -> None:
    client = make_client("--version", str(version))
    client.start()
    qtbot.waitUntil(lambda: client.phase == "failed", timeout=WAIT_MS)
    assert client.sentence.endswith(advice)


def test_refused_hello_fails_with_the_engines_sentence(
    make_client: ClientMaker, qtbot: QtBot
) -> None:
    client = make_client("--refuse", "The weights are gone: install again.")
    client.start()
    qtbot.waitUntil(lambda: client.phase == "failed", timeout=WAIT_MS)
    assert client.sentence == "The weights are gone: install again."


def test_late_hello_fails(
    make_client: ClientMaker, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_client, "HELLO_TIMEOUT_MS", 300)
    client = make_client("--silent")
    client.start()
    qtbot.waitUntil(lambda: client.phase == "failed", timeout=WAIT_MS)
    assert "did not answer within" in client.sentence


def test_engine_that_ignores_a_cancel_is_restarted(
    make_client: ClientMaker, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_client, "CANCEL_TIMEOUT_MS", 200)
    client = make_client()
    answers = Answers(client)
    client.start()
    qtbot.waitUntil(lambda: client.phase == "ready", timeout=WAIT_MS)
    call = client.send(regions("ignore"))
    client.cancel(call)
    qtbot.waitUntil(lambda: call in answers.found, timeout=WAIT_MS)
    assert answers.code(call) == ENGINE_LOST
    assert client.phase == "restarting"


def test_stop_answers_open_requests_and_leaves_no_process(
    ready_client: EngineClient, qtbot: QtBot
) -> None:
    answers = Answers(ready_client)
    pid = process_id(ready_client)
    call = ready_client.send(regions("ignore"))
    with qtbot.waitSignal(ready_client.stopped):
        ready_client.stop()
        assert answers.code(call) == CANCELLED
    assert is_gone(pid)
    late = ready_client.send(regions("now"))
    qtbot.waitUntil(lambda: late in answers.found)
    assert answers.code(late) == ENGINE_LOST


def test_stop_kills_an_engine_that_lives_on(make_client: ClientMaker, qtbot: QtBot) -> None:
    client = make_client("--survives-end-of-input")
    client.start()
    qtbot.waitUntil(lambda: client.phase == "ready", timeout=WAIT_MS)
    pid = process_id(client)
    begun = time.monotonic()
    with qtbot.waitSignal(client.stopped, timeout=WAIT_MS):
        client.stop()
        assert time.monotonic() - begun < 0.5
    assert time.monotonic() - begun > 1.9
    assert is_gone(pid)


def test_start_straight_after_stop_gives_a_new_engine(
    ready_client: EngineClient, qtbot: QtBot
) -> None:
    first = process_id(ready_client)
    ready_client.stop()
    ready_client.start()
    qtbot.waitUntil(lambda: ready_client.phase == "ready", timeout=WAIT_MS)
    assert process_id(ready_client) != first
    qtbot.waitUntil(lambda: is_gone(first))


def test_log_is_headed_by_versions_and_device(ready_client: EngineClient) -> None:
    file = ready_client.log_file
    assert isinstance(file, Path)
    text = file.read_text(encoding="utf-8")
    assert f"for tests: protocol {PROTOCOL_VERSION}" in text
    assert "backend scripted on no device" in text
