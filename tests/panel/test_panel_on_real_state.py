"""The panel over the real PanelState, with an editor and an engine in memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_host import FakeEditor
from panel_bench import Bench, with_hat
from pytestqt.qtbot import QtBot

from frih_plugin.panel.panel import HarmonizePanel
from frih_plugin.qt.core import QPoint, Qt
from frih_plugin.state.settings_store import SettingsStore

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def bench(tmp_path: Path, qapp: object) -> Iterator[Bench]:
    assert qapp is not None
    bench = Bench(with_hat(FakeEditor()), SettingsStore(tmp_path))
    bench.state.start()
    bench.settle()
    yield bench
    bench.close()


@pytest.fixture
def panel(bench: Bench, qtbot: QtBot) -> HarmonizePanel:
    panel = HarmonizePanel(bench.state)
    qtbot.addWidget(panel)
    panel.resize(270, 1000)
    panel.show()
    return panel


def test_first_click_on_the_preview_brings_picture_and_regions(
    bench: Bench, panel: HarmonizePanel, qtbot: QtBot
) -> None:
    assert panel.card.name.words == "Hat"
    qtbot.mouseClick(panel.preview, LEFT)
    bench.finish()
    assert not panel.preview.picture_box.isEmpty()
    assert [row.isVisible() for row in panel.regions.rows].count(True) == len(bench.regions_on())
    assert panel.compare.before.isEnabled()


def test_click_on_harmonize_puts_a_result(
    bench: Bench, panel: HarmonizePanel, qtbot: QtBot
) -> None:
    qtbot.mouseClick(panel.harmonize.button, LEFT)
    assert panel.harmonize.button.text() == "Cancel"
    bench.finish()
    assert panel.harmonize.button.text() == "Harmonize"
    assert len(bench.puts()) == 1
    assert panel.harmonize.words.text().startswith("Done in")


def test_escape_leaves_the_document_as_it_is(
    bench: Bench, panel: HarmonizePanel, qtbot: QtBot
) -> None:
    qtbot.mouseClick(panel.harmonize.button, LEFT)
    qtbot.keyClick(panel.harmonize.button, Qt.Key.Key_Escape)
    bench.finish()
    assert bench.puts() == []
    assert panel.harmonize.button.text() == "Harmonize"


def test_swatch_and_slider_reach_the_engine(
    bench: Bench, panel: HarmonizePanel, qtbot: QtBot
) -> None:
    bench.open()
    qtbot.mouseClick(panel.regions.rows[0].swatch, LEFT)
    bench.finish()
    assert bench.regions_on()[0] is False
    slider = panel.granularity.slider
    at = QPoint(slider.position_of(0), slider.height() // 2)
    qtbot.mousePress(slider, LEFT, pos=at)
    qtbot.mouseRelease(slider, LEFT, pos=at)
    bench.finish()
    assert bench.state.settings.stop == 0
    assert bench.previews()[-1].settings.cutoff_distance == 0.3
    assert panel.granularity.value.text().startswith("d_c 0.3 ·")
