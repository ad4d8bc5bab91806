"""An engine client with a scripted engine, which the test leaves without a process."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from frih_plugin.client import engine_client
from frih_plugin.client.engine_client import EngineClient
from frih_plugin.client.engine_command import EngineCommand

CHECKOUT = Path(__file__).resolve().parents[2]
SCRIPT = "import runpy; runpy.run_path('tests/client/scripted_engine.py', run_name='__main__')"

ClientMaker = Callable[..., EngineClient]


def scripted(*options: str) -> EngineCommand:
    # -c, not the file: with -c the checkout, not the file's own folder, is on the import path.
    return EngineCommand(sys.executable, ("-c", SCRIPT, *options), CHECKOUT)


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
