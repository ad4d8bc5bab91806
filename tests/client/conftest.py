"""An engine client with a scripted engine, which the test leaves without a process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from client_answers import ClientMaker
from pytestqt.qtbot import QtBot
from scripted_command import scripted

from frih_plugin.client import engine_client
from frih_plugin.client.engine_client import EngineClient
from frih_plugin.client.engine_command import EngineCommand


@pytest.fixture
def make_client(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[ClientMaker]:
    """Makes clients of the scripted engine with the given options, not yet started."""
    monkeypatch.setattr(engine_client, "default_folder", lambda: tmp_path / "logs")
    made: list[EngineClient] = []

    def make(*options: str, command: EngineCommand | None = None) -> EngineClient:
        client = EngineClient(scripted(*options) if command is None else command, "tests")
        made.append(client)
        return client

    yield make
    for client in made:
        with qtbot.waitSignal(client.stopped, timeout=10_000):
            client.stop()


@pytest.fixture
def ready_client(make_client: ClientMaker, qtbot: QtBot) -> EngineClient:
    client = make_client()
    client.start()
    qtbot.waitUntil(lambda: client.phase == "ready", timeout=20_000)
    return client
