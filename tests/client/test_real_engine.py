"""The client with the real engine and random weights."""

from __future__ import annotations

import os
import signal
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest
from client_answers import Answers, ClientMaker
from pytestqt.qtbot import QtBot

from frih_plugin.client.engine_client import ENGINE_LOST, EngineClient
from frih_plugin.client.engine_command import find_engine
from frih_plugin.protocol.messages import (
    UNKNOWN_LAYER,
    FindRegions,
    Harmonize,
    Harmonized,
    LayerOpened,
    OpenLayer,
    RegionsFound,
    ResultSettings,
)
from frih_plugin.protocol.pixels import Pixels

pytestmark = pytest.mark.full
WAIT_MS = 120_000
SIDE = 300


def picture(order: Literal["rgb", "rgba"], channels: int) -> Pixels:
    data = bytes((x * 7 + y * 3) % 256 for y in range(SIDE) for x in range(SIDE * channels))
    return Pixels(SIDE, SIDE, order, "u8", data)


LAYER = OpenLayer("a", picture("rgba", 4), 0, 0, picture("rgb", 3))


@pytest.fixture
def client(
    weights_file: Path, tmp_path: Path, make_client: ClientMaker, qtbot: QtBot
) -> EngineClient:
    command = find_engine(own_python=True, variables={})
    options = ("--weights", str(weights_file), "--log-folder", str(tmp_path))
    made = make_client(command=replace(command, arguments=command.arguments + options))
    made.start()
    qtbot.waitUntil(lambda: made.phase in ("ready", "failed"), timeout=WAIT_MS)
    assert made.phase == "ready", made.sentence
    return made


def test_layer_is_opened_and_harmonized(client: EngineClient, qtbot: QtBot) -> None:
    answers = Answers(client)
    opened = client.send(LAYER)
    regions = client.send(FindRegions("a", 0.1))
    harmonized = client.send(Harmonize("a", ResultSettings()))
    qtbot.waitUntil(lambda: len(answers.found) == 3, timeout=WAIT_MS)
    assert isinstance(answers.found[opened], LayerOpened)
    assert isinstance(answers.found[regions], RegionsFound)
    result = answers.found[harmonized]
    assert isinstance(result, Harmonized)
    assert (result.layer.width, result.layer.height, result.layer.order) == (SIDE, SIDE, "rgba")
    assert bytes(result.layer.data) != LAYER.layer.data
    assert bytes(result.layer.data)[3::4] == bytes(LAYER.layer.data)[3::4]


def test_engine_killed_in_a_job_comes_back_without_the_layer(
    client: EngineClient, qtbot: QtBot
) -> None:
    answers = Answers(client)
    client.send(LAYER)
    lost = client.send(Harmonize("a", ResultSettings()))
    pid = client.process_id
    assert pid is not None
    os.kill(pid, signal.SIGTERM)
    qtbot.waitUntil(lambda: lost in answers.found, timeout=WAIT_MS)
    assert answers.code(lost) == ENGINE_LOST
    assert client.phase == "restarting"
    qtbot.waitUntil(lambda: client.phase == "ready", timeout=WAIT_MS)
    later = client.send(Harmonize("a", ResultSettings()))
    qtbot.waitUntil(lambda: later in answers.found, timeout=WAIT_MS)
    assert answers.code(later) == UNKNOWN_LAYER
