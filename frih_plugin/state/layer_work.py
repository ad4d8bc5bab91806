"""The work on the selected layer: who does what after whom.

Nothing is fetched until a person touches something. Then: pixels from the host, opened in the
engine, regions, preview; and for a click on Harmonize the full result, put into the document.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from frih_plugin.hosts.host import Capabilities, Placed, ShowOverlay, Subject
from frih_plugin.protocol.messages import (
    CANCELLED,
    UNKNOWN_LAYER,
    Failure,
    Harmonized,
    Quality,
    ResultSettings,
)
from frih_plugin.protocol.pixels import Pixels
from frih_plugin.qt.core import QObject, Signal
from frih_plugin.state import notices
from frih_plugin.state.apply_result import ApplyResult, Order
from frih_plugin.state.calls import EngineCalls, HostCalls
from frih_plugin.state.canvas import Canvas, drag_scale
from frih_plugin.state.canvas_overlay import overlay_picture
from frih_plugin.state.document_memory import DocumentMemory
from frih_plugin.state.found_regions import FoundRegions
from frih_plugin.state.full_result import FullResult
from frih_plugin.state.granularity import cutoff_distance
from frih_plugin.state.live_preview import LivePreview, PreviewWish, Shown
from frih_plugin.state.notices import ENGINE_LOST
from frih_plugin.state.opened_layer import OpenedLayer
from frih_plugin.state.source import Source
from frih_plugin.state.values import Job, Notice, PanelSettings, Pictures
from frih_plugin.texts import text


@dataclass(frozen=True, slots=True)
class Surface:
    """What the work looks at and where it goes. cancel: stops a request to the engine."""

    host: HostCalls
    engine: EngineCalls
    cancel: Callable[[int], None]
    capabilities: Capabilities
    subject: Callable[[], Subject]
    settings: Callable[[], PanelSettings]
    memory: DocumentMemory


class LayerWork(QObject):
    """Conducts the parts; each of them does one thing and knows none of the others.

    noticed(Notice | None): the last sentence to a person, None where it is no longer true.
    """

    regions_changed = Signal()
    pictures_changed = Signal()
    job_changed = Signal()
    result_changed = Signal()
    noticed = Signal(object)

    def __init__(self, surface: Surface, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._surface = surface
        host, engine = surface.host, surface.engine
        self.opened = OpenedLayer(host, engine, self)
        self.regions = FoundRegions(engine, self)
        self.live = LivePreview(engine, self._wish, self)
        self.full = FullResult(engine, self)
        self.canvas = Canvas(host, self)
        self.apply = ApplyResult(
            host, self.opened, self.full, can_update=surface.capabilities.update, parent=self
        )
        self.pictures: Pictures | None = None
        self.harmonious = False
        self.last_seconds: float | None = None
        self.hovered: int | None = None
        self._is_overlay_shown = False
        self._is_on_canvas = False
        self._has_tried_again = False
        self._connect()

    @property
    def job(self) -> Job | None:
        """What the person waits for: the job, else the opening of the layer."""
        if self.apply.job is not None:
            return self.apply.job
        return Job() if self.opened.is_opening else None

    def prepare(self) -> None:
        """Open the selected layer, unless it is open or another one is being finished."""
        if not self._can_start() or self.apply.step in ("result", "put"):
            return
        self._has_tried_again = False
        self.opened.want(self._source())
        self.job_changed.emit()

    def harmonize(self) -> None:
        """Start the job for the selected layer, if it can be started."""
        if self._can_start() and self.apply.step == "none":
            self.noticed.emit(None)
            self.live.give_up()
            self.apply.begin(self._order())
            self.prepare()

    def update(self, *, dragging: bool) -> None:
        """A setting or a region's differs: show what that does."""
        if not self._can_start():
            return
        self._is_on_canvas = self._surface.capabilities.canvas_preview
        if self.apply.step in ("open", "regions"):
            self.apply.change(self._order())
        self.prepare()
        self.live.update(dragging=dragging)

    def cancel(self) -> None:
        """Stop what runs; with nothing to stop, take the preview off the canvas."""
        if self.apply.step == "put":
            return
        is_idle = not (self.job or self.live.is_running)
        self.give_up()
        if is_idle:
            self._take_off_canvas()
        self.job_changed.emit()

    def give_up(self) -> None:
        """Stop what runs; what is shown stays."""
        self._stop(self.opened.open_call, self.full.give_up(), self.live.give_up())
        self.opened.give_up()
        self.regions.give_up()
        self.apply.end(None)

    def hover(self, index: int | None) -> None:
        """A region is under the mouse, None for none."""
        self.hovered = index
        self._lay_over()

    def show_overlay(self, *, shown: bool) -> None:
        """Show the regions on the canvas too."""
        self._is_overlay_shown = shown and self._surface.capabilities.canvas_preview
        self._lay_over()

    def subject_changed(self, before: Subject) -> None:
        """Another layer is selected, or the pixels of this one differ."""
        now = self._surface.subject()
        if (now.document, now.layer) != (before.document, before.layer):
            self._leave(before)
        elif not self.opened.is_open(self._source()):
            self._outdate()
        elif now.preview_scale != before.preview_scale and self._is_on_canvas:
            self.live.update(dragging=False)

    def document_loaded(self, document: str) -> None:
        """Settings were found in a document."""
        subject = self._surface.subject()
        if document == subject.document and self.regions.map is None:
            self.regions.start_over(self._surface.memory.regions(document, subject.layer))

    def document_closed(self, document: str) -> None:
        """All that belongs to it ends."""
        self.canvas.forget(document)
        self.apply.forget(document)
        order = self.apply.order
        if order is not None and order.source.document == document:
            self._stop(self.full.give_up())
            self.apply.end(notices.document_closed())
        source = self.opened.source
        if source is not None and source.document == document:
            self._stop(self.opened.open_call)
            self.live.give_up()
            self.opened.let_go()
            self.full.let_go()
            self._show(None)
        self.job_changed.emit()

    def engine_is_ready(self) -> None:
        """Requests are taken from now on."""
        self.opened.set_engine_ready(True)

    def engine_is_gone(self) -> None:
        """What was open in it has to be opened again."""
        self.opened.set_engine_ready(False)
        if self.opened.key:
            self.opened.open_again()

    def progress(self, call: int, stage: str, share: float) -> None:
        """The engine's word on how far a request is."""
        if call in (self.opened.open_call, self.full.call):
            self.apply.progress(stage, share)

    def close(self) -> None:
        """End all of it; nothing is left running or shown."""
        self.apply.end(None)
        self.live.give_up()
        self.regions.give_up()
        self.full.let_go()
        self._take_off_canvas()
        self.canvas.uncover()
        self.opened.let_go()

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
        for part in (self.opened, self.regions, self.live, self.full):
            part.failed.connect(self._on_failed)

    def _on_opened(self) -> None:
        window = self.opened.window
        if window is None:
            return
        if self.pictures is None or self.pictures.before is not window.before:
            self._show(Pictures(window.before))
            self.live.update(dragging=False)
        self.apply.is_opened()
        self.job_changed.emit()
        self.regions.want(self.opened.key, self._surface.settings().stop)

    def _on_settled(self) -> None:
        self.apply.found_regions(self._result_settings())
        self.live.go_on()

    def _on_regions_changed(self) -> None:
        self.regions_changed.emit()
        self._lay_over()

    def _on_preview(self, shown: Shown) -> None:
        if self.pictures is not None:
            self._show(replace(self.pictures, after=shown.preview.after))
        self._tell_harmonious(harmonious=shown.preview.harmonious)
        if shown.preview.layer is not None and shown.scale is not None:
            self._show_on_canvas(shown.preview.layer, shown.scale)

    def _on_rested(self) -> None:
        is_full = self._is_on_canvas and self._surface.subject().preview_scale == 1
        if is_full and self.apply.step == "none":
            self.full.want(self.opened.key, self._result_settings())

    def _on_full(self, result: Harmonized) -> None:
        self._tell_harmonious(harmonious=result.harmonious)
        if self._is_on_canvas and self._surface.subject().preview_scale == 1:
            self._show_on_canvas(result.layer, 1)

    def _on_placed(self, placed: Placed) -> None:
        self.last_seconds = self.apply.seconds
        self.opened.counts_as(placed.revision)
        self._take_off_canvas()
        self._keep_regions()
        self._surface.memory.store(self._surface.subject().document, self._surface.settings())
        self.result_changed.emit()

    def _on_declined(self, sentence: str) -> None:
        self.noticed.emit(notices.declined(sentence))

    def _on_ended(self, notice: Notice | None) -> None:
        if notice is not None:
            self.noticed.emit(notice)

    def _on_failed(self, failure: Failure) -> None:
        if failure.code == UNKNOWN_LAYER and not self._has_tried_again:
            self._has_tried_again = True
            if self.apply.step != "none":
                self.apply.change(self._order())
            self.opened.open_again()
            return
        if failure.code == CANCELLED:
            return
        self.noticed.emit(notices.of_failure(failure, can_retry=self.apply.step != "none"))
        self.apply.end(None)
        if failure.code == ENGINE_LOST:
            self.opened.open_again()
        self.job_changed.emit()

    def _leave(self, before: Subject) -> None:
        self._keep_regions_of(before)
        if self.apply.step in ("open", "regions"):
            self.apply.end(notices.selection_changed(before.name))
        else:
            self.noticed.emit(None)
        self.opened.give_up()
        self.live.give_up()
        self._take_off_canvas()
        now = self._surface.subject()
        self.regions.start_over(self._surface.memory.regions(now.document, now.layer))
        self._show(None)
        self._tell_harmonious(harmonious=False)
        self.job_changed.emit()

    def _outdate(self) -> None:
        """The held pixels are no longer the layer's: what is on the canvas would be wrong."""
        if self.apply.step in ("open", "regions", "result"):
            self.apply.change(self._order())
            self.prepare()
        elif self.opened.is_opening:
            self.prepare()
        else:
            self.live.give_up()
            self._take_off_canvas()
        self._lay_over()

    def _can_start(self) -> bool:
        subject = self._surface.subject()
        return subject.layer != "" and not subject.unusable

    def _source(self) -> Source:
        return Source.of(self._surface.subject(), self._surface.settings())

    def _order(self) -> Order:
        subject, settings = self._surface.subject(), self._surface.settings()
        return Order(
            source=self._source(),
            name=subject.name,
            title=_title(subject.name, settings),
            output=settings.output if self._surface.capabilities.into_layer else "new",
            text=self._surface.memory.text_of(subject.document, settings),
        )

    def _result_settings(self) -> ResultSettings:
        settings = self._surface.settings()
        distance = cutoff_distance(settings.stop)
        return ResultSettings(distance, settings.strength, self.regions.strengths)

    def _wish(self, quality: Quality) -> PreviewWish | None:
        key, stop = self.opened.key, self._surface.settings().stop
        if not (self.opened.is_open(self._source()) and self.regions.is_settled(key, stop)):
            return None
        return PreviewWish(key, self._result_settings(), self._canvas_scale(quality))

    def _canvas_scale(self, quality: Quality) -> int | None:
        """The scale of the changed pixels that go with a preview, None for none."""
        scale, grabbed = self._surface.subject().preview_scale, self.opened.grabbed
        if not self._is_on_canvas or scale is None or grabbed is None:
            return None
        return drag_scale(grabbed, scale) if quality == "drag" or scale == 1 else scale

    def _show_on_canvas(self, pixels: Pixels, scale: int) -> None:
        grabbed, source = self.opened.grabbed, self.opened.source
        if grabbed is not None and source is not None:
            self.canvas.show(grabbed, pixels, scale, source.target)

    def _take_off_canvas(self) -> None:
        self._is_on_canvas = False
        self.canvas.hide()

    def _lay_over(self) -> None:
        window, regions = self.opened.window, self.regions.map
        if not self._is_overlay_shown or window is None or regions is None:
            self.canvas.uncover()
            return
        picture = overlay_picture(regions, self.hovered)
        document = self._surface.subject().document
        box = (window.left, window.top, window.width, window.height)
        self.canvas.lay_over(ShowOverlay(document, picture, *box))

    def _keep_regions(self) -> None:
        self._keep_regions_of(self._surface.subject())

    def _keep_regions_of(self, subject: Subject) -> None:
        if self.regions.map is not None:
            regions = self.regions.map.regions
            self._surface.memory.keep_regions(subject.document, subject.layer, regions)

    def _show(self, pictures: Pictures | None) -> None:
        if pictures != self.pictures:
            self.pictures = pictures
            self.pictures_changed.emit()

    def _tell_harmonious(self, *, harmonious: bool) -> None:
        if harmonious != self.harmonious:
            self.harmonious = harmonious
            self.result_changed.emit()

    def _stop(self, *calls: int | None) -> None:
        for call in calls:
            if call is not None:
                self._surface.cancel(call)


def _title(name: str, settings: PanelSettings) -> str:
    return text(
        "{name}, harmonized (d_c {distance}, {percent} %)",
        name=name,
        distance=cutoff_distance(settings.stop),
        percent=round(100 * settings.strength),
    )
