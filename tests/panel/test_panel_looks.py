"""What the panel shows in each state: words, reasons, room, colours, names for those who listen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from made_panel import REGIONS, open_layer, shown_panel, three_columns
from posed_state import PosedState
from pytestqt.qtbot import QtBot

from frih_plugin.hosts.host import Capabilities, Subject
from frih_plugin.panel.elided_label import ElidedLabel
from frih_plugin.panel.panel import HarmonizePanel
from frih_plugin.panel.shades import is_dark, quiet_text
from frih_plugin.qt.core import QPoint, Qt
from frih_plugin.qt.gui import QColor, QFont, QPalette
from frih_plugin.qt.widgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QScrollArea,
    QScrollBar,
    QStyle,
    QStyleOptionComboBox,
    QWidget,
)
from frih_plugin.state.values import EngineStatus, Job, Notice, RegionMap, RegionView
from frih_plugin.texts import use_language

Show = Callable[[PosedState], HarmonizePanel]
CONTROLS = (QAbstractButton, QAbstractSlider, QAbstractSpinBox, QComboBox)
TEN = tuple(RegionView(index, (9, 9, 9), 0.1) for index in range(10))


@pytest.fixture
def app_palette(qapp: QApplication) -> Iterator[Callable[[str, str], None]]:
    old = QPalette(QApplication.palette())

    def use(window: str, words: str) -> None:
        palette = QPalette(QColor(window), QColor(window))
        palette.setColor(QPalette.ColorRole.WindowText, QColor(words))
        qapp.setPalette(palette)

    yield use
    qapp.setPalette(old)


def test_without_a_layer_nothing_can_be_pressed_and_it_says_why(
    state: PosedState, show_panel: Show
) -> None:
    panel = show_panel(state)
    assert panel.card.remark.text() == "Open a picture and select a layer."
    assert not panel.harmonize.button.isEnabled()
    assert panel.harmonize.button.toolTip() == "Open a picture and select a layer."
    assert not panel.compare.regions.isEnabled()


def test_reason_of_an_unusable_layer_stands_on_the_card_and_in_the_tooltip(
    state: PosedState, show_panel: Show
) -> None:
    state.subject = Subject("doc", "layer", "Hat", unusable="The layer is locked: unlock it.")
    panel = show_panel(state)
    assert panel.card.name.words == "Hat"
    assert panel.card.remark.text() == "The layer is locked: unlock it."
    assert panel.harmonize.button.toolTip() == "The layer is locked: unlock it."


def test_engine_that_failed_is_the_reason_where_nothing_else_is(
    state: PosedState, show_panel: Show
) -> None:
    open_layer(state)
    state.can_harmonize = False
    state.engine = EngineStatus("failed", "", "The weights are missing: run the setup again.")
    panel = show_panel(state)
    assert panel.harmonize.button.toolTip() == "The weights are missing: run the setup again."
    assert panel.footer.engine.text() == "Engine not running"
    assert panel.harmonize.words.text() == "Engine not running"


def test_progress_is_told_by_stage(state: PosedState, show_panel: Show) -> None:
    open_layer(state)
    panel = show_panel(state)
    for stage, words in (("submasks", "Finding regions…"), ("strange", "Working…")):
        state.job = Job(stage, 0.4)
        state.announce()
        assert panel.harmonize.words.text() == words
        assert panel.harmonize.progress.share == 0.4
    state.job, state.last_seconds = None, 0.84
    state.announce()
    assert panel.harmonize.words.text() == "Done in 0.8 s."
    assert panel.harmonize.progress.share is None
    assert panel.footer.engine.text() == "CPU (8 threads) · 0.8 s · Engine ready"


@pytest.mark.parametrize(
    ("strength", "words"),
    [
        (0.0, "Already seems to fit: not changed."),
        (0.4, "Already seems to fit: changed by 40 %."),
        (1.0, "Done in 0.8 s."),
    ],
)
def test_suggested_strength_is_shown_and_told(
    state: PosedState, show_panel: Show, strength: float, words: str
) -> None:
    open_layer(state)
    state.strength, state.last_seconds = strength, 0.8
    panel = show_panel(state)
    assert panel.harmonize.words.text() == words
    assert panel.strength.control.slider.value() == round(100 * strength)


def test_persons_own_strength_needs_no_remark(state: PosedState, show_panel: Show) -> None:
    open_layer(state)
    state.settings = replace(state.settings, strength=0.4)
    state.strength, state.last_seconds = 0.4, 0.8
    assert show_panel(state).harmonize.words.text() == "Done in 0.8 s."


def test_neither_notice_nor_progress_nor_scroll_bar_moves_anything(
    state: PosedState, show_panel: Show
) -> None:
    open_layer(state)
    panel = show_panel(state)
    panel.resize(240, 500)
    QApplication.processEvents()
    parts = (panel.preview, panel.compare.split, panel.strength, panel.footer)
    before = [places(part, panel) for part in parts]
    state.job = Job("refined", 0.5)
    state.notice = Notice("Something happened that takes some words to tell.", "retry")
    state.announce()
    scrolled = panel.findChild(QScrollArea)
    assert scrolled is not None
    assert scrolled.geometry().bottom() < panel.notice.geometry().top()  # at once
    QApplication.processEvents()
    assert panel.notice.isVisible()
    assert panel.notice.geometry().bottom() == panel.rect().bottom()
    assert [places(part, panel) for part in parts] == before


def test_regions_that_regroup_leave_what_is_below_in_place_while_dragging(
    state: PosedState, show_panel: Show, qtbot: QtBot
) -> None:
    open_layer(state)
    panel = show_panel(state)
    slider = panel.granularity.slider
    before = places(panel.options_section, panel)
    at = QPoint(slider.position_of(2), slider.height() // 2)
    qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=at)
    state.region_map = RegionMap(three_columns(), REGIONS[:1])
    state.regions_changed.emit()
    QApplication.processEvents()
    assert [row.isVisible() for row in panel.regions.rows] == [True, False, False]
    assert places(panel.options_section, panel) == before
    qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=at)
    QApplication.processEvents()
    assert places(panel.options_section, panel) != before


def test_value_of_the_granularity_counts_the_regions(state: PosedState, show_panel: Show) -> None:
    open_layer(state)
    panel = show_panel(state)
    assert panel.granularity.value.text() == "d_c 0.1 · 3 regions"
    state.region_map = RegionMap(three_columns(), REGIONS[:1])
    state.settings = replace(state.settings, stop=16)
    state.announce()
    assert panel.granularity.value.text() == "d_c 0.015 · 1 region"


def test_result_into_the_layer_is_forbidden_with_a_reason(
    state: PosedState, show_panel: Show
) -> None:
    state.capabilities = Capabilities(
        into_layer=False, update=False, canvas_preview=False, stores_settings=False
    )
    panel = show_panel(state)
    panel.options_section.title.setChecked(True)
    assert not panel.options.output.allows("into")
    assert panel.options.output.allows("new")
    assert panel.options.reason.isVisible()


def test_every_control_has_a_name_and_teaches(state: PosedState, show_panel: Show) -> None:
    open_layer(state)
    state.notice = Notice("Something happened.", "retry")
    panel = show_panel(state)
    silent = [
        control
        for control in visible(panel, CONTROLS)
        if not isinstance(control, QScrollBar)
        and not (control.accessibleName() and (control.toolTip() or "Notice" in owner(control)))
    ]
    assert [f"{owner(control)}.{type(control).__name__}" for control in silent] == []


def test_tab_goes_from_top_to_bottom(state: PosedState, show_panel: Show) -> None:
    open_layer(state)
    panel = show_panel(state)
    expected = [
        panel.harmonize.button,
        panel.preview,
        panel.compare.before,
        panel.compare.split,
        panel.compare.regions,
        panel.granularity.slider,
        panel.strength.control.slider,
        panel.strength.control.field,
        panel.regions.all_off,
        panel.regions.rows[0].swatch,
        panel.regions.rows[0].strength.slider,
        panel.regions.rows[0].strength.field,
        panel.regions.rows[1].swatch,
    ]
    chain = list(tab_chain(panel.harmonize.button))
    assert [widget for widget in chain if widget in expected] == expected
    assert chain.index(panel.options_section.title) > chain.index(expected[-1])


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("width", [220, 600])
def test_no_words_are_clipped(state: PosedState, qtbot: QtBot, language: str, width: int) -> None:
    use_language(language)
    open_layer(state)
    state.region_map = RegionMap(three_columns(), TEN)
    state.settings = replace(state.settings, stop=13)
    state.last_seconds = 12.3
    state.notice = Notice("A sentence of usual length that says what to do now.", "retry")
    state.capabilities = replace(state.capabilities, into_layer=False)
    panel = shown_panel(state, width)
    qtbot.addWidget(panel)
    panel.options_section.title.setChecked(True)
    panel.presets_section.title.setChecked(True)
    QApplication.processEvents()
    assert panel.width() == width
    assert clipped(panel) == []


def test_larger_font_makes_the_panel_wider_instead_of_clipping(
    state: PosedState, qapp: QApplication, qtbot: QtBot
) -> None:
    font = QFont(QApplication.font())
    font.setPixelSize(20)
    qapp.setFont(font)
    open_layer(state)
    panel = shown_panel(state, 220)
    qtbot.addWidget(panel)
    QApplication.processEvents()
    assert panel.width() > 220
    assert clipped(panel) == []


@pytest.mark.parametrize(
    ("window", "words", "dark"), [("#efefef", "#101010", False), ("#474747", "#c8c8c8", True)]
)
def test_colours_follow_the_palette_at_once(
    state: PosedState,
    show_panel: Show,
    app_palette: Callable[[str, str], None],
    window: str,
    words: str,
    dark: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    open_layer(state)
    panel = show_panel(state)
    app_palette("#0000ff" if not dark else "#ffffff", "#ffff00")
    app_palette(window, words)
    QApplication.processEvents()
    assert is_dark() == dark
    small = panel.footer.promise.palette().color(QPalette.ColorRole.WindowText)
    assert small == quiet_text()
    corner = panel.grab().toImage().pixelColor(2, 2)
    assert corner == QColor(window)


@pytest.mark.parametrize(
    ("window", "words"), [("#efefef", "#101010"), ("#474747", "#c8c8c8"), ("#202020", "#ffffff")]
)
def test_small_print_can_be_read(
    app_palette: Callable[[str, str], None], window: str, words: str
) -> None:
    app_palette(window, words)
    assert contrast(quiet_text(), QColor(window)) > 3.5


def places(part: QWidget, panel: HarmonizePanel) -> tuple[QPoint, int, int]:
    return part.mapTo(panel, QPoint(0, 0)), part.width(), part.height()


def visible(panel: QWidget, kinds: tuple[type[QWidget], ...]) -> list[QWidget]:
    found = [widget for widget in panel.findChildren(QWidget) if isinstance(widget, kinds)]
    return [widget for widget in found if widget.isVisible()]


def owner(control: QWidget) -> str:
    parent = control.parent()
    return type(parent).__name__


def tab_chain(first: QWidget) -> Iterator[QWidget]:
    widget = first
    while True:
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible():
            yield widget
        following = widget.nextInFocusChain()
        if following is None or following is first:
            return
        widget = following


def clipped(panel: HarmonizePanel) -> list[str]:
    labels = [
        label.text()
        for label in panel.findChildren(QLabel)
        if label.isVisible() and not isinstance(label, ElidedLabel) and lacks_room(label)
    ]
    buttons = [
        button.text()
        for button in panel.findChildren(QAbstractButton)
        if button.isVisible() and button.sizeHint().width() > button.width()
    ]
    boxes = [
        box.itemText(place)
        for box in panel.findChildren(QComboBox)
        for place in range(box.count())
        if box.isVisible() and box.fontMetrics().horizontalAdvance(box.itemText(place)) > room(box)
    ]
    fields = [
        field.text()
        for field in panel.findChildren(QAbstractSpinBox)
        if field.isVisible() and field.sizeHint().width() > field.width()
    ]
    return labels + buttons + boxes + fields + sticking_out(panel)


def lacks_room(label: QLabel) -> bool:
    if label.wordWrap():
        return label.heightForWidth(label.width()) > label.height()
    return label.fontMetrics().horizontalAdvance(label.text()) > label.contentsRect().width()


def room(box: QComboBox) -> int:
    option, style = QStyleOptionComboBox(), box.style()
    box.initStyleOption(option)
    assert style is not None
    field = style.subControlRect(
        QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, box
    )
    return field.width()


def sticking_out(panel: HarmonizePanel) -> list[str]:
    return [
        f"{type(widget).__name__} sticks out"
        for widget in panel.findChildren(QWidget)
        if widget.isVisible()
        and widget.mapTo(panel, QPoint(0, 0)).x() + widget.width() > panel.width()
    ]


def contrast(first: QColor, second: QColor) -> float:
    """Of WCAG 2: 1 to 21."""
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(color: QColor) -> float:
    shares = (color.redF(), color.greenF(), color.blueF())
    linear = [
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
