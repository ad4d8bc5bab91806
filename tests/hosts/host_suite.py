"""What every host must do, whatever editor it speaks for: one suite, run by each host's tests.

A host's test file has a child class of HostSuite with the fixture `editor`.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from host_under_test import (
    Asking,
    Color,
    HostUnderTest,
    a_put,
    color_at,
    colors,
    near,
    plain,
    recolored,
)
from pytestqt.qtbot import QtBot

from frih_plugin.hosts.host import (
    Declined,
    Describe,
    Done,
    Grab,
    HidePreview,
    LoadSettings,
    Placed,
    ShowOverlay,
    ShowPreview,
    StoredSettings,
    StoreSettings,
)

GRAY: Color = (90, 90, 90, 255)
RED: Color = (200, 30, 30, 255)
BLUE: Color = (20, 60, 190, 255)
GREEN: Color = (30, 160, 60, 255)
HALF_BLUE: Color = (55, 75, 140, 255)
"""BLUE at half opacity over GRAY."""

WIDTH, HEIGHT = 24, 16
LEFT, TOP, SIDE = 5, 3, 8


class HostSuite:
    """A child class gives `editor`: a HostUnderTest without any document."""

    @pytest.fixture
    def editor(self) -> HostUnderTest:
        raise NotImplementedError

    @pytest.fixture
    def opened(self, editor: HostUnderTest) -> HostUnderTest:
        """The editor with a red square on grey, selected."""
        editor.open_document(WIDTH, HEIGHT, GRAY)
        editor.add_layer("Hat", plain(SIDE, SIDE, RED), LEFT, TOP)
        return editor

    @pytest.fixture
    def asking(self, qtbot: QtBot, editor: HostUnderTest) -> Asking:
        return Asking(qtbot, editor.host)

    def test_without_a_document_it_says_what_to_do(self, asking: Asking) -> None:
        subject = asking.subject()
        assert subject.document == ""
        assert subject.unusable.endswith(".")

    @pytest.mark.usefixtures("opened")
    def test_names_and_shows_the_selected_layer(self, asking: Asking) -> None:
        subject = asking.subject()
        assert (subject.name, subject.unusable) == ("Hat", "")
        assert subject.document
        assert subject.layer
        assert subject.thumbnail is not None
        assert max(subject.thumbnail.width, subject.thumbnail.height) <= 96
        assert near(color_at(subject.thumbnail, 0, 0), RED)

    def test_announces_another_selection(
        self, qtbot: QtBot, opened: HostUnderTest, asking: Asking
    ) -> None:
        before = asking.subject()
        with qtbot.waitSignal(opened.host.subject_changed):
            opened.select_layers("Background")
        assert asking.subject().layer != before.layer

    def test_revision_tells_what_changed(self, opened: HostUnderTest, asking: Asking) -> None:
        first = asking.subject()
        assert asking.subject() == first
        opened.paint("Hat", BLUE)
        painted = asking.subject()
        opened.move("Hat", LEFT + 1, TOP)
        moved = asking.subject()
        opened.paint("Background", BLUE)
        around = asking.subject()
        opened.select_area(LEFT, TOP, 6, 6)
        selected = asking.subject()
        revisions = [it.revision for it in (first, painted, moved, around, selected)]
        assert len(set(revisions)) == 5

    @pytest.mark.usefixtures("opened")
    def test_grabs_the_layer_and_what_it_lies_on(self, asking: Asking) -> None:
        grabbed = asking.grabbed()
        pixels, background = grabbed.pixels, grabbed.background
        assert (grabbed.left, grabbed.top, pixels.width, pixels.height) == (LEFT, TOP, SIDE, SIDE)
        assert set(colors(pixels)) == {RED}
        assert (background.width, background.height) == (WIDTH, HEIGHT)
        assert set(colors(background)) == {GRAY}
        assert grabbed.selection is None
        assert (grabbed.opacity, grabbed.blend_mode) == (1.0, "svg:src-over")
        assert grabbed.revision == asking.subject().revision

    def test_grabs_the_layers_own_pixels_beside_its_opacity(
        self, opened: HostUnderTest, asking: Asking
    ) -> None:
        opened.set_opacity("Hat", 0.5)
        grabbed = asking.grabbed()
        assert set(colors(grabbed.pixels)) == {RED}
        assert grabbed.opacity == pytest.approx(0.5, abs=0.01)

    def test_grabs_a_layer_that_hangs_over_the_edge(
        self, opened: HostUnderTest, asking: Asking
    ) -> None:
        opened.move("Hat", -3, -2)
        grabbed = asking.grabbed()
        assert (grabbed.left, grabbed.top) == (-3, -2)
        assert (grabbed.pixels.width, grabbed.pixels.height) == (SIDE, SIDE)

    def test_grabs_the_selection_as_a_mask_of_the_layer(
        self, opened: HostUnderTest, asking: Asking
    ) -> None:
        opened.select_area(LEFT, TOP, 3, 2)
        selection = asking.grabbed().selection
        assert selection is not None
        assert (selection.width, selection.height, selection.order) == (SIDE, SIDE, "gray")
        step = selection.pixel_bytes
        assert sum(1 for value in bytes(selection.data)[::step] if value) == 6

    def test_several_layers_count_as_one(self, opened: HostUnderTest, asking: Asking) -> None:
        opened.add_layer("Feather", plain(4, 4, BLUE), LEFT + SIDE, TOP)
        opened.select_layers("Hat", "Feather")
        grabbed = asking.grabbed()
        assert (grabbed.pixels.width, grabbed.pixels.height) == (SIDE + 4, SIDE)
        assert near(color_at(grabbed.pixels, 0, 0), RED)
        assert near(color_at(grabbed.pixels, SIDE, 0), BLUE)
        assert color_at(grabbed.pixels, SIDE, SIDE - 1)[3] == 0
        assert set(colors(grabbed.background)) == {GRAY}

    def test_background_is_all_that_is_visible_or_what_lies_below(
        self, opened: HostUnderTest, asking: Asking
    ) -> None:
        opened.add_layer("Cloud", plain(4, 4, BLUE), 0, 0)
        opened.select_layers("Hat")
        assert color_at(asking.grabbed(background="visible").background, 0, 0) == BLUE
        assert color_at(asking.grabbed(background="below").background, 0, 0) == GRAY
        assert color_at(asking.grabbed(target="background").background, 0, 0) == GRAY

    @pytest.mark.parametrize("trouble", ["locked", "empty", "outside", "elsewhere", "nothing"])
    def test_says_why_a_layer_cannot_be_used(
        self, opened: HostUnderTest, asking: Asking, trouble: str
    ) -> None:
        subject = asking.subject()
        _spoil(opened, trouble)
        before = opened.content()
        unusable = asking.subject().unusable
        declined = asking.ask(Grab(subject.document, subject.layer))
        if trouble != "nothing":
            assert isinstance(declined, Declined)
            assert declined.sentence.endswith(".")
        assert unusable.endswith(".") or trouble == "elsewhere"
        assert opened.content() == before

    def test_put_adds_one_layer_that_shows_instead_of_its_source(
        self, opened: HostUnderTest, asking: Asking
    ) -> None:
        opened.set_opacity("Hat", 0.5)
        asking.put(BLUE, "Hat, harmonized")
        assert opened.layer_names() == ["Background", "Hat", "Hat, harmonized"]
        assert near(color_at(opened.shown(), LEFT, TOP), HALF_BLUE)
        assert color_at(opened.shown(), LEFT - 1, TOP) == GRAY

    def test_put_is_one_undo_step_that_leaves_no_trace(
        self, opened: HostUnderTest, asking: Asking
    ) -> None:
        before, steps = opened.content(), opened.undo_steps()
        asking.put(BLUE)
        after = opened.content()
        assert opened.undo_steps() == steps + 1
        opened.undo()
        assert opened.content() == before
        opened.redo()
        assert opened.content() == after

    def test_a_result_is_no_background_and_no_change_of_its_source(
        self, opened: HostUnderTest, asking: Asking
    ) -> None:
        placed = asking.put(BLUE)
        opened.select_layers("Hat")
        grabbed = asking.grabbed()
        assert set(colors(grabbed.pixels)) == {RED}
        assert set(colors(grabbed.background)) == {GRAY}
        assert placed.revision == grabbed.revision

    def test_put_updates_an_untouched_result(self, opened: HostUnderTest, asking: Asking) -> None:
        self._needs(opened, "update")
        first = asking.put(BLUE)
        opened.select_layers("Hat")
        second = asking.put(GRAY, update=first.result)
        assert (second.updated, second.result) == (True, first.result)
        assert len(opened.layer_names()) == 3
        assert near(color_at(opened.shown(), LEFT, TOP), GRAY)
        opened.undo()
        assert near(color_at(opened.shown(), LEFT, TOP), BLUE)

    def test_put_does_not_update_what_a_person_touched(
        self, opened: HostUnderTest, asking: Asking
    ) -> None:
        self._needs(opened, "update")
        first = asking.put(BLUE, "First")
        opened.paint("First", GRAY)
        opened.select_layers("Hat")
        second = asking.put(BLUE, "Second", update=first.result)
        assert not second.updated
        assert second.result != first.result
        assert len(opened.layer_names()) == 4

    def test_put_adds_anew_after_its_result_was_undone(
        self, opened: HostUnderTest, asking: Asking
    ) -> None:
        first = asking.put(BLUE)
        opened.undo()
        opened.select_layers("Hat")
        second = asking.put(BLUE, update=first.result)
        assert not second.updated
        assert len(opened.layer_names()) == 3

    def test_put_into_the_layer_changes_it_in_one_step(
        self, opened: HostUnderTest, asking: Asking
    ) -> None:
        self._needs(opened, "into_layer")
        before, steps = opened.content(), opened.undo_steps()
        asking.put(BLUE, output="into")
        assert opened.layer_names() == ["Background", "Hat"]
        assert near(color_at(opened.shown(), LEFT, TOP), BLUE)
        assert opened.undo_steps() == steps + 1
        opened.undo()
        assert opened.content() == before

    def test_put_updates_a_result_inside_the_layer(
        self, opened: HostUnderTest, asking: Asking
    ) -> None:
        self._needs(opened, "into_layer")
        self._needs(opened, "update")
        grabbed = asking.grabbed()
        first = asking.expect(Placed, a_put(grabbed, BLUE, output="into"))
        again = replace(grabbed, revision=first.revision)
        wishes = {"output": "into", "update": first.result}
        second = asking.expect(Placed, a_put(again, GREEN, "Renamed", **wishes))
        assert second.updated
        assert opened.layer_names() == ["Background", "Hat"]
        assert near(color_at(opened.shown(), LEFT, TOP), GREEN)

    def test_put_of_a_background_lies_below_the_layer(
        self, opened: HostUnderTest, asking: Asking
    ) -> None:
        placed = asking.expect(
            Placed,
            a_put(asking.grabbed(target="background"), BLUE, "Room", target="background"),
        )
        assert placed.result
        assert opened.layer_names() == ["Background", "Room", "Hat"]
        assert near(color_at(opened.shown(), 0, 0), BLUE)
        assert near(color_at(opened.shown(), LEFT, TOP), RED)

    def test_put_of_pixels_that_changed_meanwhile_is_declined(
        self, opened: HostUnderTest, asking: Asking
    ) -> None:
        grabbed = asking.grabbed()
        opened.paint("Hat", BLUE)
        before = opened.content()
        declined = asking.expect(Declined, a_put(grabbed, GRAY))
        assert declined.sentence.endswith(".")
        assert opened.content() == before

    def test_preview_leaves_the_document_untouched(
        self, opened: HostUnderTest, asking: Asking
    ) -> None:
        self._needs(opened, "canvas_preview")
        before, steps = opened.content(), opened.undo_steps()
        grabbed = asking.grabbed()
        revision = asking.subject().revision
        asking.expect(Done, ShowPreview(grabbed, recolored(grabbed.pixels, BLUE), 1))
        assert (opened.content(), opened.undo_steps()) == (before, steps)
        assert asking.subject().revision == revision
        assert near(color_at(opened.on_canvas(), LEFT, TOP), BLUE)
        asking.expect(Done, HidePreview(grabbed.document))
        assert opened.on_canvas() == opened.shown()

    def test_preview_shows_what_put_gives(self, opened: HostUnderTest, asking: Asking) -> None:
        self._needs(opened, "canvas_preview")
        opened.set_opacity("Hat", 0.5)
        grabbed = asking.grabbed()
        asking.expect(Done, ShowPreview(grabbed, recolored(grabbed.pixels, BLUE), 1))
        previewed = opened.on_canvas()
        asking.expect(Placed, a_put(grabbed, BLUE))
        assert colors(opened.on_canvas()) == colors(previewed)

    def test_small_preview_covers_the_layer(self, opened: HostUnderTest, asking: Asking) -> None:
        self._needs(opened, "canvas_preview")
        grabbed = asking.grabbed()
        quarter = bytes(grabbed.pixels.data)[: 4 * 4 * grabbed.pixels.pixel_bytes]
        small = replace(grabbed.pixels, width=4, height=4, data=quarter)
        asking.expect(Done, ShowPreview(grabbed, recolored(small, BLUE), 2))
        canvas = opened.on_canvas()
        assert near(color_at(canvas, LEFT + 4, TOP + 4), BLUE)
        assert near(color_at(canvas, LEFT + SIDE + 1, TOP), GRAY)

    def test_overlay_leaves_the_document_untouched(
        self, opened: HostUnderTest, asking: Asking
    ) -> None:
        self._needs(opened, "canvas_preview")
        before, document = opened.content(), asking.subject().document
        picture = plain(4, 4, (255, 0, 0, 100))
        asking.expect(Done, ShowOverlay(document, picture, LEFT, TOP, SIDE, SIDE))
        asking.expect(Done, ShowOverlay(document, None))
        assert opened.content() == before

    def test_keeps_a_text_without_an_undo_step(self, opened: HostUnderTest, asking: Asking) -> None:
        self._needs(opened, "stores_settings")
        document, steps = asking.subject().document, opened.undo_steps()
        assert asking.expect(StoredSettings, LoadSettings(document)).text == ""
        asking.expect(Done, StoreSettings(document, "für später"))
        assert asking.expect(StoredSettings, LoadSettings(document)).text == "für später"
        assert opened.undo_steps() == steps

    def test_answers_come_in_the_order_of_asking(
        self, qtbot: QtBot, opened: HostUnderTest, asking: Asking
    ) -> None:
        subject, answered = asking.subject(), list[int]()

        def note(call: int, _answer: object) -> None:
            answered.append(call)

        opened.host.answered.connect(note)
        grab = Grab(subject.document, subject.layer)
        calls = [opened.host.ask(request) for request in (Describe(), grab, Describe(), grab)]
        qtbot.waitUntil(lambda: len(answered) == 4)
        assert answered == calls

    def test_announces_a_closed_document_and_declines_what_comes_late(
        self, qtbot: QtBot, opened: HostUnderTest, asking: Asking
    ) -> None:
        grabbed = asking.grabbed()
        with qtbot.waitSignal(opened.host.document_closed) as closed:
            opened.close_document()
        assert closed.args == [grabbed.document]
        for late in (Grab(grabbed.document, grabbed.layer), a_put(grabbed, BLUE)):
            assert asking.expect(Declined, late).sentence.endswith(".")
        assert asking.subject().document == ""

    @staticmethod
    def _needs(editor: HostUnderTest, capability: str) -> None:
        if not getattr(editor.host.capabilities, capability):
            pytest.skip(f"this editor cannot do that: {capability}")


def _spoil(editor: HostUnderTest, trouble: str) -> None:
    if trouble == "locked":
        editor.lock("Hat")
    elif trouble == "empty":
        editor.paint("Hat", (0, 0, 0, 0))
    elif trouble == "outside":
        editor.move("Hat", WIDTH + 5, 0)
    elif trouble == "elsewhere":
        editor.select_area(WIDTH - 2, HEIGHT - 2, 2, 2)
    else:
        editor.select_layers()
