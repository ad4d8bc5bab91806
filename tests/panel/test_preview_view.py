"""The preview in a window that is four times as wide as high."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from made_panel import REGIONS, WIDE, drag_to, open_layer, plain, three_columns
from posed_state import Call, PosedState
from pytestqt.qtbot import QtBot

from frih_plugin.panel.click_or_hold import HOLD_AFTER_MS
from frih_plugin.panel.panel import HarmonizePanel
from frih_plugin.panel.preview_view import PreviewView
from frih_plugin.panel.region_colors import region_color
from frih_plugin.qt.core import QEvent, QPoint, QPointF, Qt
from frih_plugin.qt.gui import QColor, QEnterEvent
from frih_plugin.qt.widgets import QApplication
from frih_plugin.state.values import Pictures, RegionMap

Show = Callable[[PosedState], HarmonizePanel]
LEFT = Qt.MouseButton.LeftButton
RED, BLUE = QColor(255, 0, 0), QColor(0, 0, 255)


@pytest.fixture
def panel(state: PosedState, show_panel: Show) -> HarmonizePanel:
    open_layer(state)
    return show_panel(state)


def place(view: PreviewView, across: float, down: float) -> QPoint:
    """A place of the picture, from 0 to 1, in the widget."""
    box = view.picture_box
    return QPoint(box.left() + int(across * box.width()), box.top() + int(down * box.height()))


def color_at(view: PreviewView, across: float, down: float) -> QColor:
    return view.grab().toImage().pixelColor(place(view, across, down))


def mix_of(first: QColor, second: QColor, seen: QColor) -> bool:
    """Whether a third to two thirds of the second colour lie over the first."""
    channels = zip(first.getRgb()[:3], second.getRgb()[:3], seen.getRgb()[:3], strict=True)
    shares = [(now - a) / (b - a) for a, b, now in map(whole, channels) if abs(b - a) > 30]
    return all(0.3 < share < 0.7 for share in shares)


def whole(channel: tuple[int | None, int | None, int | None]) -> tuple[int, int, int]:
    return int(channel[0] or 0), int(channel[1] or 0), int(channel[2] or 0)


def calls_of(state: PosedState, name: str) -> list[Call]:
    return [call for call in state.calls if call[0] == name]


def test_picture_keeps_its_shape(panel: HarmonizePanel) -> None:
    box = panel.preview.picture_box
    assert box.width() == panel.preview.width() - 2
    assert abs(box.width() / box.height() - WIDE[0] / WIDE[1]) < 0.1
    assert abs(box.center().y() - panel.preview.rect().center().y()) <= 1


@pytest.mark.parametrize(
    ("across", "down", "label"),
    [(0.02, 0.5, 0), (0.48, 0.3, 0), (0.52, 0.7, 1), (0.86, 0.5, 1), (0.9, 0.5, 2)],
)
def test_click_switches_the_region_under_it(
    state: PosedState,
    panel: HarmonizePanel,
    qtbot: QtBot,
    across: float,
    down: float,
    label: int,
) -> None:
    qtbot.mouseClick(panel.preview, LEFT, pos=place(panel.preview, across, down))
    assert calls_of(state, "switch_region") == [("switch_region", (label, False), {})]


@pytest.mark.parametrize("at", [(0.5, 0.1), (0.5, 0.9), (0.5, -0.5), (0.5, 1.4)])
def test_click_beside_the_regions_does_nothing(
    state: PosedState, panel: HarmonizePanel, qtbot: QtBot, at: tuple[float, float]
) -> None:
    qtbot.mouseClick(panel.preview, LEFT, pos=place(panel.preview, *at))
    assert calls_of(state, "switch_region") == []


def test_click_before_the_layer_is_open_opens_it(
    state: PosedState, show_panel: Show, qtbot: QtBot
) -> None:
    panel = show_panel(state)
    qtbot.mouseClick(panel.preview, LEFT)
    assert state.calls == [("prepare", (), {})]


def test_hover_in_the_picture_lights_the_row(
    state: PosedState, panel: HarmonizePanel, qtbot: QtBot
) -> None:
    qtbot.mouseMove(panel.preview, place(panel.preview, 0.1, 0.5))
    qtbot.mouseMove(panel.preview, place(panel.preview, 0.6, 0.5))
    assert state.hovered == 1
    lit = [row.is_lit for row in panel.regions.rows]
    assert lit == [False, True, False]


def test_mouse_on_a_row_hovers_its_region(state: PosedState, panel: HarmonizePanel) -> None:
    row, middle = panel.regions.rows[2], QPointF(5, 5)
    QApplication.sendEvent(row, QEnterEvent(middle, middle, middle))
    assert state.hovered == 2
    QApplication.sendEvent(row, QEvent(QEvent.Type.Leave))
    assert state.hovered is None


def test_shown_regions_have_their_colours(panel: HarmonizePanel) -> None:
    panel.compare.regions.setChecked(True)
    for across, index in ((0.25, 0), (0.7, 1), (0.94, 2)):
        seen, color = color_at(panel.preview, across, 0.5), region_color(index)
        assert mix_of(BLUE, color, seen)
    assert color_at(panel.preview, 0.5, 0.05) == BLUE


def test_hover_on_a_row_colours_its_region_alone(state: PosedState, panel: HarmonizePanel) -> None:
    state.hover_region(2)
    assert color_at(panel.preview, 0.95, 0.5) != BLUE
    assert color_at(panel.preview, 0.2, 0.5) == BLUE
    state.hover_region(None)
    assert color_at(panel.preview, 0.95, 0.5) == BLUE


def test_long_press_compares_and_switches_nothing(
    state: PosedState, panel: HarmonizePanel, qtbot: QtBot
) -> None:
    view = panel.preview
    at = place(view, 0.2, 0.5)
    qtbot.mousePress(view, LEFT, pos=at)
    qtbot.waitUntil(lambda: bool(calls_of(state, "hold_before")), timeout=HOLD_AFTER_MS * 20)
    assert color_at(view, 0.5, 0.9) == RED
    qtbot.mouseRelease(view, LEFT, pos=at)
    assert color_at(view, 0.5, 0.05) == BLUE
    assert [call[1] for call in calls_of(state, "hold_before")] == [(True,), (False,)]
    assert calls_of(state, "switch_region") == []


def test_space_and_button_compare_while_held(
    state: PosedState, panel: HarmonizePanel, qtbot: QtBot
) -> None:
    view = panel.preview
    for press, release in (
        (
            lambda: qtbot.keyPress(view, Qt.Key.Key_Space),
            lambda: qtbot.keyRelease(view, Qt.Key.Key_Space),
        ),
        (
            lambda: qtbot.mousePress(panel.compare.before, LEFT),
            lambda: qtbot.mouseRelease(panel.compare.before, LEFT),
        ),
    ):
        state.calls.clear()
        press()
        assert color_at(view, 0.5, 0.1) == RED
        release()
        assert color_at(view, 0.5, 0.1) == BLUE
        assert [call[1] for call in calls_of(state, "hold_before")] == [(True,), (False,)]


def test_hiding_the_panel_ends_what_is_held(
    state: PosedState, panel: HarmonizePanel, qtbot: QtBot
) -> None:
    qtbot.keyPress(panel.preview, Qt.Key.Key_Space)
    state.hover_region(1)
    panel.hide()
    assert calls_of(state, "hold_before")[-1][1] == (False,)
    assert state.hovered is None


def test_without_result_there_is_nothing_to_compare(
    state: PosedState, show_panel: Show, qtbot: QtBot
) -> None:
    open_layer(state, with_result=False)
    panel = show_panel(state)
    assert not panel.compare.before.isEnabled()
    assert panel.compare.before.toolTip() == "There is no result yet."
    qtbot.keyClick(panel.preview, Qt.Key.Key_Space)
    assert calls_of(state, "hold_before") == []


def test_split_line_moves_by_mouse_and_keys(
    state: PosedState, panel: HarmonizePanel, qtbot: QtBot
) -> None:
    view = panel.preview
    qtbot.mouseClick(panel.compare.split, LEFT)
    assert color_at(view, 0.25, 0.1) == RED
    assert color_at(view, 0.75, 0.1) == BLUE
    qtbot.mousePress(view, LEFT, pos=place(view, 0.5, 0.5))
    drag_to(view, place(view, 0.2, 0.5))
    qtbot.mouseRelease(view, LEFT, pos=place(view, 0.2, 0.5))
    assert color_at(view, 0.25, 0.1) == BLUE
    assert abs(view.split_share - 0.2) < 0.02
    share = view.split_share
    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert view.split_share == pytest.approx(share + 0.02)
    assert calls_of(state, "switch_region") == []


def test_painted_tells_of_each_new_content_once(
    state: PosedState, panel: HarmonizePanel, qtbot: QtBot
) -> None:
    seen: list[str] = []
    panel.preview.painted.connect(seen.append)
    panel.compare.regions.setChecked(True)
    qtbot.waitUntil(lambda: seen == ["overlay"])
    state.region_map = RegionMap(bytes(reversed(three_columns())), REGIONS)
    state.regions_changed.emit()
    qtbot.waitUntil(lambda: seen == ["overlay"] * 2)
    before = state.pictures
    assert before is not None
    state.pictures = Pictures(before.before, plain(0, 255, 0))
    state.pictures_changed.emit()
    qtbot.waitUntil(lambda: seen == ["overlay", "overlay", "after"])
    state.announce()
    panel.preview.repaint()
    assert seen == ["overlay", "overlay", "after"]


def test_region_that_is_off_looks_off(state: PosedState, panel: HarmonizePanel) -> None:
    panel.compare.regions.setChecked(True)
    on = panel.preview.grab().toImage()
    found = state.region_map
    assert found is not None
    first, *rest = found.regions
    off = type(first)(first.index, first.color, first.share, on=False)
    state.region_map = RegionMap(found.labels, (off, *rest))
    state.regions_changed.emit()
    assert panel.preview.grab().toImage() != on
    assert not panel.regions.rows[0].swatch.isChecked()
    assert not panel.regions.rows[0].strength.isEnabled()
