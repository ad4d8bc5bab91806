"""Every control calls its method of the state once, with what the person did."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from made_panel import drag_to, open_layer
from posed_state import Call, PosedState
from pytestqt.qtbot import QtBot

from frih_plugin.panel.panel import HarmonizePanel
from frih_plugin.panel.slider import Slider
from frih_plugin.qt.core import QEvent, QPoint, QPointF, Qt
from frih_plugin.qt.gui import QWheelEvent
from frih_plugin.qt.widgets import QApplication, QWidget
from frih_plugin.state.granularity import DEFAULT_STOP, STOPS
from frih_plugin.state.panel_state import PanelState
from frih_plugin.state.values import Job, Notice

Show = Callable[[PosedState], HarmonizePanel]
LEFT = Qt.MouseButton.LeftButton


def calls_of(state: PosedState, name: str) -> list[Call]:
    return [call for call in state.calls if call[0] == name]


@pytest.fixture
def panel(state: PosedState, show_panel: Show) -> HarmonizePanel:
    open_layer(state)
    return show_panel(state)


def test_posed_state_has_all_that_a_panel_state_has(state: PosedState) -> None:
    names = {name for name in vars(PanelState) if not name.startswith("_")}
    assert [name for name in sorted(names) if not hasattr(state, name)] == []


def test_harmonize_button_starts_and_then_cancels(
    state: PosedState, panel: HarmonizePanel, qtbot: QtBot
) -> None:
    qtbot.mouseClick(panel.harmonize.button, LEFT)
    assert state.calls == [("harmonize", (), {})]
    state.job = Job("refined", 0.5)
    state.announce()
    assert panel.harmonize.button.text() == "Cancel"
    qtbot.mouseClick(panel.harmonize.button, LEFT)
    assert state.calls[1:] == [("cancel", (), {})]


def test_escape_cancels_from_any_control(
    state: PosedState, panel: HarmonizePanel, qtbot: QtBot
) -> None:
    state.job = Job()
    state.announce()
    controls = (panel.preview, panel.strength.control.field, panel.granularity.slider)
    for control in controls:
        control.setFocus()
        qtbot.keyClick(control, Qt.Key.Key_Escape)
    assert state.calls == [("cancel", (), {})] * len(controls)


def test_control_return_harmonizes(state: PosedState, panel: HarmonizePanel, qtbot: QtBot) -> None:
    panel.preview.setFocus()
    qtbot.keyClick(panel.preview, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert state.calls == [("harmonize", (), {})]


def test_granularity_drag_ends_with_the_value_at_rest(
    state: PosedState, panel: HarmonizePanel, qtbot: QtBot
) -> None:
    slider = panel.granularity.slider
    drag(qtbot, slider, (DEFAULT_STOP, DEFAULT_STOP + 3))
    assert calls_of(state, "set_stop") == [
        ("set_stop", (DEFAULT_STOP + 3,), {"dragging": True}),
        ("set_stop", (DEFAULT_STOP + 3,), {"dragging": False}),
    ]


def test_regions_are_seen_while_the_granularity_is_dragged(
    state: PosedState, panel: HarmonizePanel, qtbot: QtBot
) -> None:
    slider = panel.granularity.slider
    at = QPoint(slider.position_of(3), slider.height() // 2)
    qtbot.mousePress(slider, LEFT, pos=at)
    assert calls_of(state, "set_overlay_shown")[-1][1] == (True,)
    qtbot.mouseRelease(slider, LEFT, pos=at)
    assert calls_of(state, "set_overlay_shown")[-1][1] == (False,)


def test_granularity_by_keys(state: PosedState, panel: HarmonizePanel, qtbot: QtBot) -> None:
    slider = panel.granularity.slider
    for key in (Qt.Key.Key_Right, Qt.Key.Key_End):
        qtbot.keyClick(slider, key)
    assert state.calls == [
        ("set_stop", (DEFAULT_STOP + 1,), {"dragging": False}),
        ("set_stop", (STOPS - 1,), {"dragging": False}),
    ]


def test_double_click_resets_the_granularity(
    state: PosedState, panel: HarmonizePanel, qtbot: QtBot
) -> None:
    slider = panel.granularity.slider
    slider.show_value(12)
    qtbot.mouseDClick(slider, LEFT, pos=QPoint(slider.position_of(12), slider.height() // 2))
    assert state.calls == [("set_stop", (DEFAULT_STOP,), {"dragging": False})]


def test_state_never_pulls_the_handle_from_a_dragging_hand(
    state: PosedState, panel: HarmonizePanel, qtbot: QtBot
) -> None:
    slider = panel.granularity.slider
    at = QPoint(slider.position_of(12), slider.height() // 2)
    qtbot.mousePress(slider, LEFT, pos=at)
    state.announce()
    assert slider.value() == 12
    qtbot.mouseRelease(slider, LEFT, pos=at)


def test_wheel_changes_no_setting(state: PosedState, panel: HarmonizePanel) -> None:
    for control in (
        panel.granularity.slider,
        panel.strength.control.slider,
        panel.strength.control.field,
        panel.options.target,
        panel.presets.names,
        panel.regions.rows[0].strength.slider,
    ):
        control.setFocus()
        turn_wheel(control)
    assert [call for call in state.calls if call[0] != "hover_region"] == []


def test_strength_by_slider_and_by_number(
    state: PosedState, panel: HarmonizePanel, qtbot: QtBot
) -> None:
    control = panel.strength.control
    drag(qtbot, control.slider, (100, 40))
    assert state.calls == [
        ("set_strength", (0.4,), {"dragging": True}),
        ("set_strength", (0.4,), {"dragging": False}),
    ]
    state.calls.clear()
    control.field.selectAll()
    qtbot.keyClicks(control.field, "25")
    qtbot.keyClick(control.field, Qt.Key.Key_Return)
    assert state.calls == [("set_strength", (0.25,), {"dragging": False})]
    assert control.slider.value() == 25


def test_region_switches_and_has_its_own_strength(
    state: PosedState, panel: HarmonizePanel, qtbot: QtBot
) -> None:
    row = panel.regions.rows[1]
    qtbot.mouseClick(row.swatch, LEFT)
    qtbot.keyClick(row.strength.slider, Qt.Key.Key_PageDown)
    assert calls_of(state, "switch_region") == [("switch_region", (1, False), {})]
    assert calls_of(state, "set_region_strength") == [
        ("set_region_strength", (1, 0.9), {"dragging": False})
    ]


def test_all_and_none_switch_what_differs(
    state: PosedState, panel: HarmonizePanel, qtbot: QtBot
) -> None:
    assert not panel.regions.all_on.isEnabled()
    qtbot.mouseClick(panel.regions.all_off, LEFT)
    assert [call[1] for call in calls_of(state, "switch_region")] == [
        (0, False),
        (1, False),
        (2, False),
    ]


def test_options_tell_their_values(state: PosedState, panel: HarmonizePanel, qtbot: QtBot) -> None:
    panel.options_section.title.setChecked(True)
    for box in (panel.options.surroundings, panel.options.target, panel.options.output):
        qtbot.keyClick(box, Qt.Key.Key_Down)
    qtbot.mouseClick(panel.options.reset, LEFT)
    assert state.calls == [
        ("set_surroundings", ("below",), {}),
        ("set_target", ("background",), {}),
        ("set_output", ("into",), {}),
        ("reset", (), {}),
    ]


def test_presets_are_saved_used_and_deleted_by_name(
    state: PosedState, panel: HarmonizePanel, qtbot: QtBot
) -> None:
    panel.presets_section.title.setChecked(True)
    presets = panel.presets
    assert not presets.save.isEnabled()
    qtbot.keyClicks(presets.names, "Soft")
    qtbot.mouseClick(presets.save, LEFT)
    state.presets = ("Hard", "Soft")
    state.announce()
    assert presets.names.currentText() == "Soft"
    qtbot.mouseClick(presets.delete, LEFT)
    qtbot.keyClick(presets.names, Qt.Key.Key_Up)
    assert state.calls == [
        ("save_preset", ("Soft",), {}),
        ("delete_preset", ("Soft",), {}),
        ("apply_preset", ("Hard",), {}),
    ]


def test_notice_acts_and_is_dismissed(
    state: PosedState, panel: HarmonizePanel, qtbot: QtBot
) -> None:
    state.notice = Notice("The engine stopped.", "restart_engine", is_error=True)
    state.announce()
    assert panel.notice.action.text() == "Restart engine"
    qtbot.mouseClick(panel.notice.action, LEFT)
    qtbot.mouseClick(panel.notice.dismiss, LEFT)
    assert state.calls == [("act_on_notice", (), {}), ("dismiss_notice", (), {})]


def drag(qtbot: QtBot, slider: Slider, values: tuple[int, int]) -> None:
    start, end = (QPoint(slider.position_of(value), slider.height() // 2) for value in values)
    qtbot.mousePress(slider, LEFT, pos=start)
    drag_to(slider, end)
    qtbot.mouseRelease(slider, LEFT, pos=end)


def turn_wheel(control: QWidget) -> None:
    middle = QPointF(control.rect().center())
    event = QWheelEvent(
        middle,
        QPointF(control.mapToGlobal(control.rect().center())),
        QPoint(0, 0),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    assert event.type() == QEvent.Type.Wheel
    QApplication.sendEvent(control, event)
