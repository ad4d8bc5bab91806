"""The panel's state with the real engine and the shipped weights, in an editor in memory."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fake_host import FakeEditor
from pytestqt.qtbot import QtBot

from frih_plugin.client import engine_client
from frih_plugin.client.engine_client import EngineClient
from frih_plugin.client.engine_command import find_engine
from frih_plugin.hosts.host import Put
from frih_plugin.protocol.pixels import Pixels
from frih_plugin.state.panel_state import PanelState
from frih_plugin.state.settings_store import SettingsStore

pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(
        not any((Path(__file__).parents[2] / "engine" / "weights").glob("*.safetensors")),
        reason="needs the shipped weights",
    ),
]
WAIT_MS = 120_000


class RealBench:
    """A started state with its engine, and the editor with a two-coloured object on dusk."""

    def __init__(self, editor: FakeEditor, engine: EngineClient, folder: Path) -> None:
        self.editor = editor
        self.engine = engine
        self.state = PanelState(editor.host, engine, SettingsStore(folder))

    def puts(self) -> list[Put]:
        return [request for request in self.editor.host.asked if isinstance(request, Put)]


@pytest.fixture
def bench(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RealBench]:
    monkeypatch.setattr(engine_client, "default_folder", lambda: tmp_path / "logs")
    command = find_engine(own_python=True, variables={})
    arguments = (*command.arguments, "--log-folder", str(tmp_path / "logs"))
    engine = EngineClient(replace(command, arguments=arguments), "tests")
    editor = FakeEditor()
    editor.open_document(64, 48, (40, 45, 90, 255))
    editor.add_layer("Hat", two_colors(24, 24), 20, 10)
    bench = RealBench(editor, engine, tmp_path)
    bench.state.start()
    qtbot.waitUntil(lambda: engine.phase == "ready", timeout=WAIT_MS)
    yield bench
    with qtbot.waitSignal(engine.stopped, timeout=WAIT_MS):
        bench.state.close()
    for part in (bench.state, engine, editor.host):
        part.deleteLater()


def two_colors(width: int, height: int) -> Pixels:
    """Orange on the left, pale green on the right, half transparent in the first row."""
    row = bytes((250, 150, 40, 255)) * (width // 2) + bytes((190, 250, 170, 255)) * (width // 2)
    first = bytes(128 if at % 4 == 3 else value for at, value in enumerate(row))
    return Pixels(width, height, "rgba", "u8", first + row * (height - 1))


def test_click_drag_region_kill_and_retry(bench: RealBench, qtbot: QtBot) -> None:
    state, before = bench.state, bench.editor.content()
    state.harmonize()
    qtbot.waitUntil(lambda: len(bench.puts()) == 1 and state.job is None, timeout=WAIT_MS)
    first = bytes(bench.puts()[0].pixels.data)
    source = bytes(two_colors(24, 24).data)
    assert first != source
    assert first[3::4] == source[3::4]
    assert state.last_seconds is not None

    state.switch_region(0, False)
    for stop in (*range(17), 6):
        state.set_stop(stop, dragging=True)
    state.set_stop(6, dragging=False)
    qtbot.waitUntil(
        lambda: bench.editor.host.preview is not None and bench.editor.host.preview.scale == 1,
        timeout=WAIT_MS,
    )
    previewed = bench.editor.host.preview
    assert previewed is not None

    pid = bench.engine.process_id
    assert pid is not None
    state.set_strength(0.5, dragging=False)
    os.kill(pid, signal.SIGKILL)
    qtbot.waitUntil(lambda: bench.engine.phase == "restarting", timeout=WAIT_MS)
    state.set_strength(1.0, dragging=False)
    state.harmonize()
    qtbot.waitUntil(lambda: len(bench.puts()) == 2 and state.job is None, timeout=WAIT_MS)
    assert bench.puts()[1].pixels == previewed.pixels
    assert bench.puts()[1].update != ""

    bench.editor.undo()
    bench.editor.undo()
    assert bench.editor.content() != before  # only the text that is kept with the document
    assert bench.editor.layer_names() == ["Background", "Hat"]
