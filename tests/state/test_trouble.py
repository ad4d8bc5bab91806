"""What goes wrong around the panel, and what a person then sees."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from panel_bench import Bench, square

from frih_plugin.protocol.messages import (
    CANCELLED,
    OUT_OF_MEMORY,
    UNEXPECTED,
    CloseLayer,
    Failure,
    FindRegions,
    Harmonize,
    MakePreview,
    OpenLayer,
)
from frih_plugin.qt.core import QObject, QUrl
from frih_plugin.qt.gui import QDesktopServices
from frih_plugin.state.values import Notice

BLUE = (20, 60, 190, 255)


class OpenedUrls(QObject):
    """Takes file addresses in place of the desktop's own program."""

    def __init__(self) -> None:
        super().__init__()
        self.urls: list[QUrl] = []

    def open(self, url: QUrl) -> None:
        self.urls.append(url)


@pytest.fixture
def opened_urls(monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenedUrls]:
    opened = OpenedUrls()
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.open)
    yield opened
    opened.deleteLater()


def start_harmonizing(bench: Bench) -> None:
    """Click, and go on until the engine works on the full result."""
    bench.state.harmonize()
    bench.settle()
    bench.engine.answer(OpenLayer)
    bench.engine.answer(FindRegions)
    assert bench.engine.sent_of(Harmonize)


def told(bench: Bench) -> Notice:
    assert bench.state.notice is not None
    return bench.state.notice


def test_killed_engine_leaves_the_document_and_offers_to_retry(bench: Bench) -> None:
    before = bench.editor.content()
    start_harmonizing(bench)
    bench.engine.die()
    assert bench.state.job is None
    assert bench.editor.content() == before
    assert told(bench).action == "retry"
    assert told(bench).is_error
    assert bench.state.engine.phase == "restarting"


def test_retry_after_a_restart_finishes_the_job(bench: Bench) -> None:
    start_harmonizing(bench)
    bench.engine.die()
    bench.engine.become("ready")
    bench.state.act_on_notice()
    assert bench.state.notice is None
    bench.finish()
    assert len(bench.puts()) == 1
    assert len(bench.grabs()) == 1


def test_retry_before_the_engine_is_back_waits_for_it(bench: Bench) -> None:
    start_harmonizing(bench)
    bench.engine.die()
    bench.state.act_on_notice()
    bench.finish()
    assert bench.state.job is not None
    bench.engine.become("ready")
    bench.finish()
    assert len(bench.puts()) == 1


def test_open_layer_is_opened_again_after_a_restart(bench: Bench) -> None:
    bench.open()
    bench.state.switch_region(1, False)
    bench.finish()
    bench.engine.die()
    bench.engine.become("ready")
    bench.finish()
    assert len(bench.engine.sent_of(OpenLayer)) == 2
    assert len(bench.grabs()) == 1
    assert bench.regions_on() == [True, False]
    bench.state.set_strength(0.5, dragging=True)
    opened = [request.key for request in bench.engine.sent if isinstance(request, OpenLayer)]
    assert bench.previews()[-1].key == opened[-1] != opened[0]


def test_engine_killed_while_a_layer_is_opened_opens_it_after_all(bench: Bench) -> None:
    bench.state.prepare()
    bench.settle()
    bench.engine.die()
    assert told(bench).action == "none"
    bench.engine.become("ready")
    bench.finish()
    assert bench.state.region_map is not None


def test_layer_that_the_engine_gave_up_is_opened_again(bench: Bench) -> None:
    bench.open()
    bench.engine.forget_layers()
    bench.state.set_strength(0.5, dragging=False)
    bench.finish()
    assert bench.state.notice is None
    assert len(bench.engine.sent_of(OpenLayer)) == 2
    assert bench.previews()[-1].settings.strength == 0.5
    bench.engine.forget_layers()
    bench.state.set_strength(0.4, dragging=False)
    bench.finish()
    assert bench.state.notice is None
    assert len(bench.engine.sent_of(OpenLayer)) == 3


def test_layer_that_stays_unknown_is_told_and_not_opened_for_ever(bench: Bench) -> None:
    bench.open()
    bench.engine.forgets_at_once = True
    bench.state.set_strength(0.5, dragging=False)
    bench.finish()
    assert len(bench.engine.sent_of(OpenLayer)) == 2
    assert told(bench).action == "show_log"


def test_engine_that_cannot_start_is_told_with_one_button(bench: Bench) -> None:
    start_harmonizing(bench)
    bench.engine.become("failed", "The engine could not be started: install it again.")
    assert bench.state.job is None
    assert told(bench).sentence == "The engine could not be started: install it again."
    assert told(bench).action == "restart_engine"
    assert not bench.state.can_harmonize
    starts = bench.engine.starts
    bench.state.act_on_notice()
    assert bench.engine.starts == starts + 1
    assert bench.state.can_harmonize


def test_engine_that_cannot_start_is_told_as_long_as_that_is_so(bench: Bench) -> None:
    bench.engine.become("failed", "The engine could not be started: install it again.")
    bench.editor.select_layers("Background")
    bench.settle()
    assert told(bench).action == "restart_engine"


def test_subject_described_too_early_is_asked_for_again(bench: Bench) -> None:
    bench.editor.host.holds_answers = True
    bench.editor.select_layers("Background")
    bench.editor.select_layers("Hat")
    bench.editor.host.release()
    bench.settle()
    assert bench.state.subject.name == "Hat"


@pytest.mark.parametrize(
    ("code", "action"),
    [("bad-input", "none"), (OUT_OF_MEMORY, "retry"), (UNEXPECTED, "show_log")],
)
def test_failed_job_is_one_sentence_with_its_button(bench: Bench, code: str, action: str) -> None:
    start_harmonizing(bench)
    bench.engine.answer(Harmonize, Failure(code, "It did not work: do something else."))
    assert bench.state.job is None
    assert told(bench).action == action
    assert told(bench).is_error
    assert bench.puts() == []
    assert bench.state.can_harmonize


def test_bad_input_keeps_the_engines_sentence(bench: Bench) -> None:
    bench.state.harmonize()
    bench.settle()
    bench.engine.answer(OpenLayer, Failure("bad-input", "The layer covers all: cut it out."))
    assert told(bench).sentence == "The layer covers all: cut it out."


def test_log_is_opened_from_the_notice(bench: Bench, opened_urls: OpenedUrls) -> None:
    start_harmonizing(bench)
    bench.engine.answer(Harmonize, Failure(UNEXPECTED, "Boom."))
    bench.state.act_on_notice()
    assert [url.fileName() for url in opened_urls.urls] == ["engine.log"]
    assert bench.state.notice is None


def test_document_closed_in_a_job_ends_it_with_a_sentence(bench: Bench) -> None:
    start_harmonizing(bench)
    bench.editor.close_document()
    bench.settle()
    assert bench.state.job is None
    assert "closed" in told(bench).sentence
    assert any(isinstance(request, Harmonize) for request in bench.engine.cancelled)
    assert any(isinstance(request, CloseLayer) for request in bench.engine.sent)
    bench.finish()
    assert bench.puts() == []
    assert bench.state.pictures is None
    assert bench.state.region_map is None


def test_document_closed_during_the_grab_ends_the_job(bench: Bench) -> None:
    bench.editor.host.holds_answers = True
    bench.state.harmonize()
    bench.editor.close_document()
    assert bench.state.job is None
    bench.editor.host.release()
    bench.finish()
    assert "closed" in told(bench).sentence
    assert bench.engine.sent == []


def test_grab_that_comes_late_is_dropped(bench: Bench) -> None:
    bench.editor.add_layer("Coat", square(), 0, 0)
    bench.settle()
    bench.editor.host.holds_answers = True
    bench.state.harmonize()
    bench.editor.select_layers("Hat")
    bench.editor.host.release()
    bench.settle()
    assert bench.state.subject.name == "Hat"
    assert bench.state.job is None
    assert "Coat" in told(bench).sentence
    opened = [request for request in bench.engine.sent if isinstance(request, OpenLayer)]
    assert all(request.key not in bench.engine.open for request in opened)
    bench.finish()
    assert bench.puts() == []


def test_result_still_comes_when_another_layer_is_selected(bench: Bench) -> None:
    bench.editor.add_layer("Coat", square(), 0, 0)
    bench.settle()
    start_harmonizing(bench)
    bench.editor.select_layers("Hat")
    bench.settle()
    bench.state.set_strength(0.5, dragging=False)
    bench.finish()
    (put,) = bench.puts()
    assert put.name.startswith("Coat")
    assert bench.state.pictures is not None
    opened = [request for request in bench.engine.sent if isinstance(request, OpenLayer)]
    assert [request.left for request in opened] == [0, 5]


def test_cancel_stops_the_job_and_keeps_the_last_result(bench: Bench) -> None:
    bench.state.harmonize()
    bench.finish()
    placed = bench.editor.layer_names()
    bench.state.set_stop(2, dragging=True)
    bench.state.harmonize()
    bench.settle()
    bench.state.cancel()
    bench.finish()
    assert bench.state.job is None
    assert bench.state.notice is None
    assert bench.editor.layer_names() == placed
    assert bench.state.can_harmonize


@pytest.mark.parametrize("kind", [OpenLayer, FindRegions, Harmonize])
def test_cancel_reaches_the_engine(
    bench: Bench, kind: type[OpenLayer | FindRegions | Harmonize]
) -> None:
    bench.state.harmonize()
    bench.settle()
    for earlier in (OpenLayer, FindRegions, Harmonize):
        if earlier is kind:
            break
        bench.engine.answer(earlier)
    bench.state.cancel()
    assert any(isinstance(request, kind) for request in bench.engine.cancelled)
    assert bench.state.job is None
    bench.state.harmonize()
    bench.finish()
    assert len(bench.puts()) == 1


def test_cancel_with_nothing_to_stop_takes_the_preview_off(bench: Bench) -> None:
    bench.open()
    bench.state.set_strength(0.5, dragging=False)
    bench.finish()
    assert bench.editor.host.preview is not None
    bench.state.cancel()
    bench.settle()
    assert bench.editor.host.preview is None


def test_work_cancelled_by_the_engine_ends_the_job_in_silence(bench: Bench) -> None:
    start_harmonizing(bench)
    bench.engine.answer(Harmonize, Failure(CANCELLED, "Overtaken."))
    assert bench.state.job is None
    assert bench.state.notice is None


def test_cancelled_preview_does_not_end_the_job(bench: Bench) -> None:
    start_harmonizing(bench)
    bench.engine.answer(MakePreview, Failure(CANCELLED, "Overtaken."))
    assert bench.state.job is not None
    bench.finish()
    assert len(bench.puts()) == 1


def test_notice_goes_with_the_next_click(bench: Bench) -> None:
    bench.engine.suggested = 0.0
    bench.state.harmonize()
    bench.finish()
    bench.engine.suggested = 1.0
    bench.editor.paint("Hat", BLUE)
    bench.settle()
    bench.state.harmonize()
    assert bench.state.notice is None


def test_notice_can_be_dismissed(bench: Bench) -> None:
    bench.engine.suggested = 0.0
    bench.state.harmonize()
    bench.finish()
    bench.state.dismiss_notice()
    assert bench.state.notice is None


def test_closing_leaves_nothing_behind(make_bench: Callable[[], Bench]) -> None:
    bench = make_bench()
    bench.open()
    bench.state.set_overlay_shown(True)
    bench.state.set_strength(0.5, dragging=True)
    bench.engine.answer(MakePreview)
    bench.state.set_stop(3, dragging=True)
    bench.state.close()
    bench.settle()
    assert bench.editor.host.preview is None
    assert bench.editor.host.overlay is None
    assert not any(not isinstance(request, CloseLayer) for request in bench.engine.open.values())
    sent = len(bench.engine.sent)
    bench.editor.select_layers("Background")
    bench.settle()
    assert len(bench.engine.sent) == sent
