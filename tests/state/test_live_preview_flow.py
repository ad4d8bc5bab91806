"""Sliders and regions while a layer is open: what is asked, and what is not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from fake_engine import LEFT_HALF, SIDE, TOP_HALF, found, gray
from fake_host import EVERYTHING, FakeEditor
from panel_bench import Bench, square, with_hat
from pytestqt.qtbot import QtBot

from frih_plugin.hosts.host import HidePreview, ShowOverlay, ShowPreview
from frih_plugin.protocol.messages import (
    FindRegions,
    Harmonize,
    MakePreview,
    OpenLayer,
    RegionStrength,
)
from frih_plugin.state.granularity import DEFAULT_STOP, cutoff_distance


def shown(bench: Bench) -> list[ShowPreview]:
    return [request for request in bench.editor.host.asked if isinstance(request, ShowPreview)]


def test_first_touch_opens_finds_and_shows(bench: Bench) -> None:
    bench.open()
    assert bench.state.pictures is not None
    assert bench.state.pictures.before == gray(10)
    assert bench.state.pictures.after == gray(20)
    assert bench.state.region_map is not None
    assert [view.share for view in bench.state.region_map.regions] == [0.5, 0.5]
    assert bench.state.job is None


def test_preparing_again_does_nothing(bench: Bench) -> None:
    bench.open()
    sent = len(bench.engine.sent)
    bench.open()
    assert len(bench.engine.sent) == sent


def test_looking_alone_changes_nothing_on_the_canvas(bench: Bench) -> None:
    bench.open()
    assert shown(bench) == []
    assert bench.editor.host.preview is None


def test_strength_asks_for_a_picture_and_nothing_else(bench: Bench) -> None:
    bench.open()
    before = len(bench.engine.sent)
    bench.state.set_strength(0.5, dragging=True)
    bench.settle()
    (request,) = bench.engine.sent[before:]
    assert isinstance(request, MakePreview)
    assert request.settings.strength == 0.5
    assert len(bench.grabs()) == 1


def test_strength_keeps_the_quality_that_is_there(bench: Bench) -> None:
    bench.open()
    bench.state.set_strength(0.5, dragging=True)
    assert bench.previews()[-1].quality == "rest"


def test_other_stop_is_dragged_at_drag_quality(bench: Bench) -> None:
    bench.open()
    bench.state.set_stop(3, dragging=True)
    bench.engine.answer(FindRegions)
    request = bench.previews()[-1]
    assert (request.quality, request.settings.cutoff_distance) == ("drag", cutoff_distance(3))


def test_drag_sends_one_request_and_then_the_newest(bench: Bench) -> None:
    bench.open()
    before = len(bench.previews())
    for strength in (0.9, 0.8, 0.7, 0.6):
        bench.state.set_strength(strength, dragging=True)
    assert len(bench.previews()) == before + 1
    bench.engine.answer(MakePreview)
    assert [request.settings.strength for request in bench.previews()[before:]] == [0.9, 0.6]


def test_stops_of_a_fast_drag_do_not_queue_up(bench: Bench) -> None:
    bench.open()
    before = len(bench.engine.sent_of(FindRegions))
    for stop in range(DEFAULT_STOP + 1, 17):
        bench.state.set_stop(stop, dragging=True)
    bench.engine.answer(FindRegions)
    bench.engine.answer(FindRegions)
    asked = [r.cutoff_distance for r in bench.engine.sent if isinstance(r, FindRegions)][before:]
    assert asked == [cutoff_distance(DEFAULT_STOP + 1), cutoff_distance(16)]
    assert bench.previews()[-1].settings.cutoff_distance == cutoff_distance(16)


def test_picture_of_another_stop_does_not_hold_the_regions_up(bench: Bench) -> None:
    bench.open()
    bench.state.set_stop(3, dragging=True)
    bench.engine.answer(FindRegions)
    stale = bench.previews()[-1]
    bench.state.set_stop(2, dragging=True)
    assert stale in bench.engine.cancelled


def test_drag_rests_by_itself(bench: Bench, qtbot: QtBot) -> None:
    bench.open()
    bench.state.set_stop(3, dragging=True)
    bench.engine.answer(FindRegions)
    bench.engine.answer(MakePreview)
    qtbot.waitUntil(lambda: bench.previews()[-1].quality == "rest")
    assert bench.previews()[-1].settings.cutoff_distance == cutoff_distance(3)


def test_release_asks_for_rest_quality_at_once(bench: Bench) -> None:
    bench.open()
    bench.state.set_stop(3, dragging=True)
    bench.engine.answer(FindRegions)
    bench.state.set_stop(3, dragging=False)
    assert bench.previews()[-1].quality == "rest"
    assert bench.previews()[-2] in bench.engine.cancelled


def test_canvas_shows_small_pixels_in_a_drag_and_all_at_rest(bench: Bench) -> None:
    bench.open()
    bench.state.set_strength(0.5, dragging=True)
    bench.engine.answer(MakePreview)
    bench.settle()
    assert shown(bench)[-1].scale == 2
    bench.state.set_strength(0.5, dragging=False)
    bench.finish()
    assert shown(bench)[-1].scale == 1
    assert len(bench.engine.sent_of(Harmonize)) == 1
    assert bench.puts() == []


def test_full_size_on_the_canvas_is_what_harmonize_puts(bench: Bench) -> None:
    bench.open()
    bench.state.set_strength(0.5, dragging=False)
    bench.finish()
    sent = len(bench.engine.sent)
    bench.state.harmonize()
    bench.settle()
    assert len(bench.engine.sent) == sent
    (put,) = bench.puts()
    assert put.pixels == shown(bench)[-1].pixels
    assert bench.editor.host.preview is None


def test_zoomed_out_canvas_gets_its_own_scale_and_no_full_result(bench: Bench) -> None:
    bench.editor.host.preview_scale = 4
    bench.editor.select_layers("Hat")
    bench.open()
    bench.state.set_strength(0.5, dragging=False)
    bench.finish()
    assert shown(bench)[-1].scale == 4
    assert bench.engine.sent_of(Harmonize) == []


def test_zooming_in_brings_the_full_result(bench: Bench) -> None:
    bench.editor.host.preview_scale = 4
    bench.editor.select_layers("Hat")
    bench.open()
    bench.state.set_strength(0.5, dragging=False)
    bench.finish()
    bench.editor.host.preview_scale = 1
    bench.editor.select_layers("Hat")
    bench.finish()
    assert shown(bench)[-1].scale == 1


def test_host_without_canvas_preview_is_shown_nothing(
    make_bench: Callable[..., Bench],
) -> None:
    bench = make_bench(with_hat(FakeEditor(replace(EVERYTHING, canvas_preview=False))))
    bench.open()
    bench.state.set_overlay_shown(True)
    bench.state.set_strength(0.5, dragging=False)
    bench.finish()
    asked = bench.editor.host.asked
    assert not [r for r in asked if isinstance(r, (ShowPreview, ShowOverlay, HidePreview))]
    assert bench.previews()[-1].scale is None


def test_hold_before_shows_the_document_while_held(bench: Bench) -> None:
    bench.open()
    bench.state.set_strength(0.5, dragging=False)
    bench.finish()
    bench.state.hold_before(True)
    bench.settle()
    assert bench.editor.host.preview is None
    bench.state.hold_before(False)
    bench.settle()
    assert bench.editor.host.preview is not None


def test_nothing_is_shown_while_before_is_held(bench: Bench) -> None:
    bench.open()
    bench.state.hold_before(True)
    bench.state.set_strength(0.5, dragging=False)
    bench.finish()
    assert bench.editor.host.preview is None
    bench.state.hold_before(False)
    bench.settle()
    assert bench.editor.host.preview is not None


def test_slow_host_gets_the_newest_picture_and_no_queue(bench: Bench) -> None:
    bench.open()
    bench.editor.host.holds_answers = True
    for strength in (0.9, 0.8, 0.7):
        bench.state.set_strength(strength, dragging=True)
        bench.engine.answer(MakePreview)
    assert len(shown(bench)) == 1
    bench.editor.host.release()
    bench.settle()
    assert len(shown(bench)) == 2


def test_region_settings_go_with_the_preview_and_the_result(bench: Bench) -> None:
    bench.open()
    bench.state.switch_region(1, False)
    bench.state.set_region_strength(0, 0.4, dragging=False)
    expected = (RegionStrength(0, 0.4), RegionStrength(1, 0.0))
    assert bench.previews()[-1].settings.regions == expected
    bench.state.harmonize()
    bench.finish()
    assert bench.engine.sent_of(Harmonize)[-1] == Harmonize(
        bench.previews()[-1].key, bench.previews()[-1].settings
    )
    assert bench.previews()[-1].settings.regions == expected


def test_region_settings_follow_the_pixels(bench: Bench) -> None:
    bench.engine.labels = {cutoff_distance(3): swapped(LEFT_HALF * SIDE)}
    bench.open()
    bench.state.switch_region(0, False)
    bench.finish()
    bench.state.set_stop(3, dragging=False)
    bench.finish()
    assert bench.regions_on() == [True, False]


def test_slider_moved_to_and_fro_brings_every_setting_back(bench: Bench) -> None:
    bench.engine.labels = {cutoff_distance(0): bytes(SIDE * SIDE), cutoff_distance(3): TOP_HALF}
    bench.open()
    bench.state.switch_region(1, False)
    for stop in (3, 0, 3, DEFAULT_STOP):
        bench.state.set_stop(stop, dragging=False)
        bench.finish()
    assert bench.regions_on() == [True, False]


def test_regions_of_another_stop_do_not_come_between(bench: Bench) -> None:
    bench.engine.labels = {cutoff_distance(0): swapped(LEFT_HALF * SIDE)}
    bench.open()
    bench.state.switch_region(0, False)
    bench.finish()
    bench.state.set_stop(0, dragging=True)
    bench.state.set_stop(DEFAULT_STOP, dragging=False)
    assert any(isinstance(request, FindRegions) for request in bench.engine.cancelled)
    bench.finish()
    assert bench.regions_on() == [False, True]
    results = [request for request in bench.engine.sent if isinstance(request, Harmonize)]
    assert {result.settings for result in results} == {bench.previews()[-1].settings}


def test_other_background_is_grabbed_anew(bench: Bench) -> None:
    bench.open()
    bench.state.set_surroundings("below")
    bench.finish()
    grabs = bench.grabs()
    assert [grab.background for grab in grabs] == ["visible", "below"]


def test_surroundings_are_opened_anew_without_a_grab(bench: Bench) -> None:
    bench.open()
    bench.state.set_surroundings("surroundings")
    bench.finish()
    opened = [request for request in bench.engine.sent if isinstance(request, OpenLayer)]
    assert [request.surroundings for request in opened] == [None, 1.5]
    assert len(bench.grabs()) == 1


def test_picture_of_another_background_is_not_waited_for(bench: Bench) -> None:
    bench.open()
    bench.state.set_strength(0.5, dragging=True)
    stale = bench.previews()[-1]
    bench.state.set_surroundings("surroundings")
    assert stale in bench.engine.cancelled
    bench.finish()
    assert bench.previews()[-1].key != stale.key


def test_background_can_be_the_target(bench: Bench) -> None:
    bench.state.set_target("background")
    bench.state.harmonize()
    bench.finish()
    opened = [request for request in bench.engine.sent if isinstance(request, OpenLayer)]
    assert [request.target for request in opened] == ["background"]
    assert [put.target for put in bench.puts()] == ["background"]


def test_overlay_lies_over_the_window_and_follows(bench: Bench) -> None:
    bench.open()
    bench.state.set_overlay_shown(True)
    bench.settle()
    overlay = bench.editor.host.overlay
    assert overlay is not None
    assert (overlay.left, overlay.top, overlay.width, overlay.height) == (0, 0, 24, 16)
    bench.state.hover_region(1)
    bench.settle()
    assert bench.editor.host.overlay != overlay
    assert bench.state.hovered == 1
    bench.state.set_overlay_shown(False)
    bench.settle()
    assert bench.editor.host.overlay is None


def test_moved_layer_takes_preview_and_overlay_off_the_canvas(bench: Bench) -> None:
    bench.open()
    bench.state.set_overlay_shown(True)
    bench.state.set_strength(0.5, dragging=False)
    bench.finish()
    assert bench.editor.host.preview is not None
    bench.editor.move("Hat", 6, 3)
    bench.settle()
    assert bench.editor.host.preview is None
    assert bench.editor.host.overlay is None
    bench.open()
    assert bench.editor.host.overlay is not None


def test_reset_brings_everything_back(bench: Bench) -> None:
    bench.open()
    bench.state.set_stop(2, dragging=False)
    bench.state.set_strength(0.1, dragging=False)
    bench.finish()
    bench.state.switch_region(0, False)
    bench.state.reset()
    bench.finish()
    assert bench.state.settings.stop == DEFAULT_STOP
    assert bench.state.settings.strength is None
    assert bench.regions_on() == [True, True]
    assert bench.previews()[-1].settings.regions == ()


def test_settings_moved_during_a_job_are_shown_after_it(bench: Bench) -> None:
    bench.state.harmonize()
    bench.settle()
    bench.engine.answer(OpenLayer)
    bench.engine.answer(FindRegions)
    bench.state.set_stop(3, dragging=False)
    bench.finish()
    assert len(bench.puts()) == 1
    assert bench.previews()[-1].settings.cutoff_distance == cutoff_distance(3)


def test_other_layer_starts_with_its_own_regions(bench: Bench) -> None:
    bench.open()
    bench.state.switch_region(0, False)
    bench.editor.add_layer("Coat", square(), 0, 0)
    bench.settle()
    assert bench.state.region_map is None
    assert bench.state.pictures is None
    bench.open()
    assert bench.regions_on() == [True, True]
    bench.editor.select_layers("Hat")
    bench.settle()
    bench.open()
    assert bench.regions_on() == [False, True]


@pytest.mark.parametrize("labels", [bytes([255]) * SIDE * SIDE])
def test_layer_without_regions_still_has_a_picture(bench: Bench, labels: bytes) -> None:
    bench.engine.labels = {cutoff_distance(DEFAULT_STOP): labels}
    assert found(labels).regions == ()
    bench.open()
    assert bench.state.pictures is not None
    assert bench.state.pictures.after is not None


def swapped(labels: bytes) -> bytes:
    return labels.translate(bytes([1, 0, *range(2, 256)]))
