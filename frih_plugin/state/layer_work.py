"""The work on the selected layer: who does what after whom.

Nothing is fetched until a person touches something. Then: pixels from the host, opened in the
engine, regions, preview; and for a click on Harmonize the full result, put into the document.
"""

from __future__ import annotations

from dataclasses import replace

from frih_plugin.hosts.host import Placed, Subject
from frih_plugin.protocol.messages import (
    CANCELLED,
    UNKNOWN_LAYER,
    Failure,
    Harmonized,
    Quality,
    ResultSettings,
)
from frih_plugin.qt.core import QObject, Signal
from frih_plugin.state import notices
from frih_plugin.state.apply_result import ApplyResult, Order
from frih_plugin.state.found_regions import FoundRegions
from frih_plugin.state.full_result import FullResult
from frih_plugin.state.layer_on_canvas import LayerOnCanvas
from frih_plugin.state.live_preview import LivePreview, PreviewWish, Shown
from frih_plugin.state.opened_layer import OpenedLayer
from frih_plugin.state.values import FULL_STRENGTH, Job, Notice, Pictures
from frih_plugin.state.workplace import Workplace


class LayerWork(QObject):
    """Conducts the parts; each of them does one thing.

    noticed(Notice | None): the last sentence to a person, None where it is no longer true.
    """

    regions_changed = Signal()
    pictures_changed = Signal()
    job_changed = Signal()
    result_changed = Signal()
    noticed = Signal(object)

    def __init__(self, around: Workplace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._around = around
        host, engine, can = around.host, around.engine, around.capabilities
        self.opened = OpenedLayer(host, engine, self)
        self.regions = FoundRegions(engine, self)
        self.live = LivePreview(engine, self._wish, self)
        self.full = FullResult(engine, self)
        self.canvas = LayerOnCanvas(host, can, self.opened, self.regions, around.now, self)
        self.apply = ApplyResult(host, self.opened, self.full, can_update=can.update, parent=self)
        self.pictures: Pictures | None = None
        self.suggested = FULL_STRENGTH
        self.last_seconds: float | None = None
        self._opening = Job()
        self._has_tried_again = False
        self._is_postponed = False
        self._closed_document = ""
        self._connect()

    @property
    def job(self) -> Job | None:
        """What the person waits for: the job, else that there is something to see."""
        is_first = self.opened.is_opening and self.pictures is None
        return self.apply.job or (self._opening if is_first else None)

    def prepare(self) -> None:
        """Open the selected layer, unless it is open or a result is on its way."""
        if not self._can_start():
            return
        if self.apply.step in ("result", "put"):
            self._is_postponed = True
            return
        self._has_tried_again = False
        if not self.opened.is_opening:
            self._opening = Job()
        self.opened.want(self._around.source)
        self.job_changed.emit()

    def harmonize(self) -> None:
        """Start the job for the selected layer, if it can be started."""
        if self._can_start() and self.apply.step == "none":
            self.noticed.emit(None)
            self.apply.begin(self._around.order)
            self.prepare()

    def update(self, *, dragging: bool) -> None:
        """A setting or a region's differs: show what that does."""
        if not self._can_start():
            return
        self.canvas.put_on()
        if self.apply.step in ("open", "regions"):
            self.apply.change(self._around.order)
        if not (self._is_open() and self._has_regions()):
            self.live.drop_stale()
        self.live.update(dragging=dragging)
        self.prepare()

    def cancel(self) -> None:
        """Stop what runs; with nothing to stop, take the preview off the canvas."""
        if self.apply.step == "put":
            return
        is_idle = self.job is None and not self.live.is_running
        self.give_up()
        if is_idle:
            self.canvas.take_off()
        self.job_changed.emit()

    def give_up(self) -> None:
        """Stop what runs; what is shown stays."""
        self.opened.give_up()
        self.regions.give_up()
        self.live.give_up()
        self.full.give_up()
        self.apply.end(None)

    def subject_changed(self, before: Subject) -> None:
        """Another layer is selected, or the pixels of this one differ."""
        now = self._around.subject
        self.opened.described_anew()
        if (now.document, now.layer) != (before.document, before.layer):
            self._leave(before)
        elif not self._is_open():
            self._outdate()
        elif now.preview_scale != before.preview_scale:
            self.live.update(dragging=False)

    def subject_confirmed(self) -> None:
        """The subject is as it was described, even if a grab came in between from another state."""
        was_open = self._is_open()
        self.opened.described_anew()
        if was_open and not self._is_open():
            self._outdate()

    def document_loaded(self, document: str) -> None:
        """Settings were found in a document."""
        subject = self._around.subject
        if document == subject.document and self.regions.map is None:
            self.regions.start_over(self._around.memory.regions(document, subject.layer))

    def document_closed(self, document: str) -> None:
        """All that belongs to it ends."""
        self._closed_document = document
        self.canvas.forget(document)
        self.apply.forget(document)
        order, source = self.apply.order, self.opened.source
        if order is not None and order.source.document == document:
            self.give_up()
            self.noticed.emit(notices.document_closed())
        if source is not None and source.document == document:
            self.give_up()
            self.opened.let_go()
            self.full.let_go()
            self._show(None)
        self.job_changed.emit()

    def engine_is_ready(self) -> None:
        """Requests are taken from now on."""
        self.opened.set_engine_ready(True)

    def engine_is_gone(self) -> None:
        """What it was working on is lost, and what was open in it has to be opened again."""
        self.opened.set_engine_ready(False)
        can_retry = self.apply.step in ("open", "regions", "result")
        if can_retry or self.opened.is_opening or self.live.is_running:
            self.noticed.emit(notices.engine_lost(can_retry=can_retry))
        self.regions.give_up()
        self.live.give_up()
        self.full.give_up()
        if self.apply.step != "put":
            self.apply.end(None)
        self._open_again()

    def progress(self, call: int, stage: str, share: float) -> None:
        """The engine's word on how far a request is."""
        if call == self.opened.open_call and self.apply.job is None:
            self._opening = Job(stage, share)
            self.job_changed.emit()
        elif call in (self.opened.open_call, self.full.call):
            self.apply.progress(stage, share)

    def close(self) -> None:
        """End all of it; nothing is left running or shown."""
        self.give_up()
        self.canvas.close()
        self.opened.let_go()
        self.full.let_go()

    def _connect(self) -> None:
        self.opened.opened.connect(self._on_opened)
        self.regions.changed.connect(self._on_regions_changed)
        self.regions.settled.connect(self._on_settled)
        self.live.shown.connect(self._on_preview)
        self.live.rested.connect(self._on_rested)
        self.full.finished.connect(self._on_full)
        self.apply.changed.connect(self.job_changed)
        self.apply.placed.connect(self._on_placed)
        self.apply.ended.connect(self._on_ended)
        self.canvas.declined.connect(self._on_declined)
        for part in (self.opened, self.regions, self.live):
            part.failed.connect(self._on_failed)
        self.full.failed.connect(self._on_full_failed)

    def _on_opened(self) -> None:
        window = self.opened.window
        if window is None:
            return
        if self.pictures is None or self.pictures.before is not window.before:
            # The picture after stays until there is a better one: nothing is to flicker.
            self._show(Pictures(window.before, self.pictures and self.pictures.after))
            self.live.update(dragging=False)
        self.apply.is_opened()
        self.job_changed.emit()
        self.regions.want(self.opened.key, self._around.stop)

    def _on_settled(self) -> None:
        if self.apply.step == "regions":
            self._around.keep_regions(self._around.subject, self.regions.map)
            self.apply.found_regions(self._result_settings(), self._around.note())
        self.live.go_on()

    def _on_regions_changed(self) -> None:
        self.canvas.lay_over()
        self.regions_changed.emit()

    def _on_preview(self, shown: Shown) -> None:
        if self.pictures is not None:
            self._show(replace(self.pictures, after=shown.preview.after))
        self._tell_suggested(shown.preview.suggested)
        if shown.preview.layer is not None and shown.scale is not None:
            self.canvas.show(shown.preview.layer, shown.scale)

    def _on_rested(self) -> None:
        is_idle = self.apply.step == "none"
        if self.canvas.wants_full_size and is_idle:
            self.full.want(self.opened.key, self._result_settings())

    def _on_full(self, result: Harmonized) -> None:
        self._tell_suggested(result.suggested)
        if self.canvas.wants_full_size and self.apply.step == "none":
            self.canvas.show(result.layer, 1)

    def _on_placed(self, order: Order, placed: Placed) -> None:
        self.last_seconds = self.apply.seconds
        self.opened.counts_as(placed.revision)
        self.canvas.take_off()
        self._around.memory.store(order.source.document, self._around.current())
        self.result_changed.emit()

    def _on_ended(self, notice: Notice | None) -> None:
        if notice is not None:
            self.noticed.emit(notice)
        if self._is_postponed:
            self._is_postponed = False
            self.update(dragging=False)

    def _on_declined(self, sentence: str) -> None:
        self.noticed.emit(notices.declined(sentence))

    def _on_failed(self, failure: Failure) -> None:
        if failure.code == UNKNOWN_LAYER and not self._has_tried_again:
            self._has_tried_again = True
            self._open_again()
        elif failure.code != CANCELLED:
            can_retry = self.apply.step != "none"
            self.apply.end(notices.of_failure(failure, can_retry=can_retry))
            if not can_retry:
                self.noticed.emit(notices.of_failure(failure, can_retry=False))
        self.job_changed.emit()

    def _on_full_failed(self, failure: Failure) -> None:
        if failure.code == CANCELLED:
            self.apply.end(None)
        self._on_failed(failure)

    def _open_again(self) -> None:
        source, order = self.opened.source, self.apply.order
        is_selected = source is not None and source.is_same_object(self._around.subject)
        if not (is_selected or self.opened.is_opening):
            self.opened.let_go()
            if order is not None and self.apply.step != "put":
                self.apply.end(notices.selection_changed(order.name))
            return
        if self.apply.step in ("open", "regions", "result"):
            self.apply.change(self._around.order)
        self.opened.open_again()

    def _leave(self, before: Subject) -> None:
        self._around.keep_regions(before, self.regions.map)
        if self.apply.step in ("open", "regions"):
            self.apply.end(notices.selection_changed(before.name))
        elif before.document != self._closed_document:
            self.noticed.emit(None)
        self.opened.give_up()
        self.live.give_up()
        self.canvas.clear()
        now = self._around.subject
        self.regions.start_over(self._around.memory.regions(now.document, now.layer))
        self._show(None)
        self._tell_suggested(FULL_STRENGTH)
        self.job_changed.emit()

    def _outdate(self) -> None:
        """The held pixels are no longer the layer's: what is on the canvas would be wrong."""
        is_at_work = self.apply.step in ("open", "regions", "result")
        if is_at_work:
            self.apply.change(self._around.order)
        if is_at_work or self.opened.is_opening:
            self.prepare()
        elif self.apply.step == "none":
            self.live.give_up()
            self.canvas.clear()

    def _can_start(self) -> bool:
        subject = self._around.subject
        return subject.layer != "" and not subject.unusable

    def _result_settings(self) -> ResultSettings:
        return self._around.result_settings(self.regions.strengths)

    def _is_open(self) -> bool:
        return self.opened.is_open(self._around.source)

    def _has_regions(self) -> bool:
        return self.regions.is_settled(self.opened.key, self._around.stop)

    def _wish(self, quality: Quality) -> PreviewWish | None:
        if not (self._is_open() and self._has_regions()):
            return None
        return PreviewWish(self.opened.key, self._result_settings(), self.canvas.scale(quality))

    def _show(self, pictures: Pictures | None) -> None:
        if pictures is not self.pictures:
            self.pictures = pictures
            self.pictures_changed.emit()

    def _tell_suggested(self, strength: float) -> None:
        if strength != self.suggested:
            self.suggested = strength
            self.result_changed.emit()
