"""One click on Harmonize, from the selected layer to the placed result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from fake_engine import changed
from fake_host import EVERYTHING, FakeEditor
from panel_bench import Bench, with_hat

from frih_plugin.hosts.host import Put
from frih_plugin.protocol.messages import CloseLayer, FindRegions, Harmonize, MakePreview, OpenLayer
from frih_plugin.protocol.pixels import Pixels

BLUE = (20, 60, 190, 255)


def test_nothing_is_grabbed_before_the_first_touch(bench: Bench) -> None:
    assert bench.state.subject.name == "Hat"
    assert bench.state.can_harmonize
    assert bench.grabs() == []
    assert bench.engine.sent == []


def test_click_puts_one_new_layer_in_one_undo_step(bench: Bench) -> None:
    steps = bench.editor.undo_steps()
    bench.state.harmonize()
    assert bench.state.job is not None
    assert not bench.state.can_harmonize
    bench.finish()
    assert bench.editor.layer_names() == ["Background", "Hat", "Hat, harmonized (d_c 0.1, 100 %)"]
    assert bench.editor.undo_steps() == steps + 1
    assert bench.state.job is None
    assert bench.state.notice is None
    assert bench.state.last_seconds is not None


def test_click_opens_finds_and_harmonizes_once(bench: Bench) -> None:
    bench.state.harmonize()
    bench.finish()
    for kind in (OpenLayer, FindRegions, Harmonize):
        assert len(bench.engine.sent_of(kind)) == 1


def test_second_click_with_the_same_settings_asks_nobody_but_the_host(bench: Bench) -> None:
    bench.state.harmonize()
    bench.finish()
    sent = len(bench.engine.sent)
    grabs = bench.grabs()
    bench.state.harmonize()
    bench.settle()
    assert len(bench.engine.sent) == sent
    assert bench.grabs() == grabs
    assert len(bench.puts()) == 2


def test_second_click_with_other_settings_updates_the_result(bench: Bench) -> None:
    bench.state.harmonize()
    bench.finish()
    bench.state.set_strength(0.5, dragging=False)
    bench.finish()
    bench.state.harmonize()
    bench.finish()
    assert bench.editor.layer_names()[2:] == ["Hat, harmonized (d_c 0.1, 50 %)"]


def test_second_click_adds_where_the_result_was_touched(bench: Bench) -> None:
    bench.state.harmonize()
    bench.finish()
    bench.editor.paint("Hat, harmonized (d_c 0.1, 100 %)", BLUE)
    bench.settle()
    bench.state.harmonize()
    bench.finish()
    assert len(bench.editor.layer_names()) == 4


def test_host_that_cannot_update_is_never_asked_to(make_bench: Callable[..., Bench]) -> None:
    bench = make_bench(with_hat(FakeEditor(replace(EVERYTHING, update=False))))
    for _ in range(2):
        bench.state.harmonize()
        bench.finish()
    assert [put.update for put in bench.puts()] == ["", ""]
    assert len(bench.editor.layer_names()) == 4


def test_result_after_undo_is_placed_again(bench: Bench) -> None:
    bench.state.harmonize()
    bench.finish()
    bench.editor.undo()
    bench.settle()
    bench.state.harmonize()
    bench.finish()
    assert len(bench.editor.layer_names()) == 3


def test_result_goes_into_the_layer_and_can_be_changed_there(bench: Bench) -> None:
    bench.state.set_output("into")
    bench.state.harmonize()
    bench.finish()
    bench.state.set_strength(0.5, dragging=False)
    bench.state.harmonize()
    bench.finish()
    assert bench.state.notice is None
    assert [put.output for put in bench.puts()] == ["into", "into"]
    assert bench.puts()[1].update != ""
    assert len(bench.engine.sent_of(OpenLayer)) == 1
    assert bench.editor.layer_names() == ["Background", "Hat"]


def test_undone_result_in_the_layer_is_put_in_again(bench: Bench) -> None:
    bench.state.set_output("into")
    bench.state.harmonize()
    bench.finish()
    bench.editor.undo()
    bench.settle()
    bench.state.harmonize()
    bench.finish()
    assert bench.state.notice is None
    assert len(bench.puts()) == 2


def test_result_is_a_new_layer_where_a_host_cannot_put_it_in(
    make_bench: Callable[..., Bench],
) -> None:
    bench = make_bench(with_hat(FakeEditor(replace(EVERYTHING, into_layer=False))))
    bench.state.set_output("into")
    bench.state.harmonize()
    bench.finish()
    assert [put.output for put in bench.puts()] == ["new"]


def test_changed_layer_is_grabbed_and_opened_anew(bench: Bench) -> None:
    bench.state.harmonize()
    bench.finish()
    bench.editor.paint("Hat", BLUE)
    bench.settle()
    assert len(bench.engine.sent_of(OpenLayer)) == 1
    bench.state.harmonize()
    bench.finish()
    opened = bench.engine.sent_of(OpenLayer)
    assert len(opened) == 2
    assert len(bench.engine.sent_of(CloseLayer)) == 1
    assert len(bench.puts()) == 2


def test_change_that_was_not_announced_yet_is_grabbed_once(bench: Bench) -> None:
    document = bench.editor.document
    hat = document.chosen()[0]
    document.change(document.with_layer(replace(hat, pixels=changed(hat.pixels))))
    bench.state.harmonize()
    bench.finish()
    assert bench.state.notice is None
    assert len(bench.puts()) == 1
    bench.editor.host.subject_changed.emit()
    bench.state.harmonize()
    bench.finish()
    assert len(bench.grabs()) == 1
    assert len(bench.puts()) == 2


def test_layer_painted_during_the_job_is_done_over(bench: Bench) -> None:
    bench.state.harmonize()
    bench.settle()
    bench.engine.answer(OpenLayer)
    bench.engine.answer(FindRegions)
    bench.editor.paint("Hat", BLUE)
    bench.settle()
    assert any(isinstance(request, Harmonize) for request in bench.engine.cancelled)
    bench.finish()
    (put,) = bench.puts()
    assert put.pixels == changed(Pixels(8, 8, "rgba", "u8", bytes(BLUE) * 64))
    assert bench.state.notice is None


def test_layer_that_seems_to_fit_gets_a_sentence_and_no_new_layer(bench: Bench) -> None:
    bench.engine.suggested = 0.0
    for _ in range(2):
        bench.state.harmonize()
        bench.finish()
        assert bench.puts() == []
        assert bench.state.notice is not None
        assert "already seems to fit" in bench.state.notice.sentence
        assert not bench.state.notice.is_error
    assert bench.state.strength == 0
    assert bench.state.job is None


def test_lowered_strength_stands_in_the_new_layers_name(bench: Bench) -> None:
    bench.engine.suggested = 0.4
    bench.state.harmonize()
    bench.finish()
    (put,) = bench.puts()
    assert put.name.endswith("40 %)")
    assert bench.state.strength == 0.4
    assert bench.state.settings.strength is None


def test_persons_strength_is_asked_for_whatever_is_suggested(bench: Bench) -> None:
    bench.engine.suggested = 0.0
    bench.state.set_strength(0.9, dragging=False)
    bench.state.harmonize()
    bench.finish()
    (put,) = bench.puts()
    assert put.name.endswith("90 %)")
    asked = [request for request in bench.engine.sent if isinstance(request, Harmonize)]
    assert asked[-1].settings.strength == 0.9
    assert bench.state.strength == 0.9
    assert bench.state.notice is None


def test_reset_goes_back_to_what_is_suggested(bench: Bench) -> None:
    bench.engine.suggested = 0.4
    bench.state.set_strength(0.9, dragging=False)
    bench.state.harmonize()
    bench.finish()
    bench.state.reset()
    bench.finish()
    assert bench.state.settings.strength is None
    assert bench.state.strength == 0.4


def test_declined_grab_shows_the_hosts_sentence(bench: Bench) -> None:
    bench.editor.host.documents[bench.editor.host.front].layers = ()
    bench.state.harmonize()
    bench.finish()
    assert bench.state.notice is not None
    assert bench.state.notice.sentence == "The layer was deleted: select another one."
    assert bench.state.can_harmonize


@pytest.mark.parametrize("trouble", ["locked", "nothing", "document"])
def test_unusable_subject_cannot_be_harmonized(bench: Bench, trouble: str) -> None:
    if trouble == "locked":
        bench.editor.lock("Hat")
    elif trouble == "nothing":
        bench.editor.select_layers()
    else:
        bench.editor.close_document()
    bench.settle()
    assert bench.state.subject.unusable
    assert not bench.state.can_harmonize
    bench.state.harmonize()
    bench.state.prepare()
    bench.state.set_strength(0.3, dragging=False)
    bench.finish()
    assert bench.engine.sent == []
    assert bench.puts() == []


def test_click_joins_the_full_result_that_is_on_its_way(bench: Bench) -> None:
    bench.open()
    bench.state.set_strength(0.5, dragging=False)
    bench.engine.answer(MakePreview)
    assert len(bench.engine.sent_of(Harmonize)) == 1
    bench.state.harmonize()
    bench.finish()
    assert len(bench.engine.sent_of(Harmonize)) == 1
    assert len(bench.puts()) == 1


def test_progress_never_goes_back(bench: Bench) -> None:
    shares: list[float] = []

    def note() -> None:
        if bench.state.job is not None:
            shares.append(bench.state.job.share)

    bench.state.job_changed.connect(note)
    bench.state.harmonize()
    bench.settle()
    bench.engine.progress(OpenLayer, "open", 0.5)
    bench.engine.answer(OpenLayer)
    bench.engine.answer(FindRegions)
    bench.engine.progress(Harmonize, "refined", 0.5)
    bench.finish()
    assert shares == sorted(shares)
    assert 0.5 < shares[-2] < 1 or shares[-1] == 1.0


def test_put_names_its_settings_for_the_document(bench: Bench) -> None:
    bench.open()
    bench.state.switch_region(1, False)
    bench.state.set_strength(0.25, dragging=False)
    bench.state.harmonize()
    bench.finish()
    (put,) = bench.puts()
    assert isinstance(put, Put)
    assert '"strength": 0.25' in put.settings
    assert '"on": false' in put.settings
    assert "25 %" in put.name
