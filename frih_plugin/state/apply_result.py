"""One click on Harmonize: open, find regions, make the full result, put it into the document."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Literal

from frih_plugin.hosts.host import Declined, Grabbed, HostAnswer, Output, Placed, Put
from frih_plugin.protocol.messages import Harmonized, ResultSettings
from frih_plugin.qt.core import QObject, Signal
from frih_plugin.state import notices
from frih_plugin.state.calls import HostCalls
from frih_plugin.state.full_result import FullResult
from frih_plugin.state.opened_layer import OpenedLayer
from frih_plugin.state.source import Source
from frih_plugin.state.values import Job, Notice
from frih_plugin.texts import text

Step = Literal["none", "open", "regions", "result", "put"]

OPENING_SHARE = 0.2
"""Of the whole job, where the layer has to be opened first."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be applied.

    name: the layer's; cutoff_distance: d_c; strength: None for what the engine suggests.
    """

    source: Source
    name: str
    cutoff_distance: float
    strength: float | None
    output: Output


class ApplyResult(QObject):
    """At most one job, driven by its owner: `is_opened`, then `found_regions`.

    changed(): the job differs; ended(Notice | None): it is over, with what there is to say;
    placed(Order, Placed): a result is in the document.
    """

    changed = Signal()
    ended = Signal(object)
    placed = Signal(object, object)

    def __init__(
        self,
        host: HostCalls,
        opened: OpenedLayer,
        full: FullResult,
        *,
        can_update: bool,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._host = host
        self._opened = opened
        self._full = full
        self._can_update = can_update
        self._order: Order | None = None
        self._step: Step = "none"
        self._job: Job | None = None
        self._note = ""
        self._grabbed: Grabbed | None = None
        self._start_share = 0.0
        self._began = 0.0
        self._results: dict[tuple[str, str, str, str], str] = {}
        full.finished.connect(self._on_result)

    @property
    def step(self) -> Step:
        """Where the job is; "none" without one."""
        return self._step

    @property
    def order(self) -> Order | None:
        """What the running job applies."""
        return self._order

    @property
    def job(self) -> Job | None:
        """How far the job is."""
        return self._job

    @property
    def seconds(self) -> float:
        """Since the job began."""
        return time.monotonic() - self._began

    def begin(self, order: Order) -> None:
        """Start a job. The owner opens the layer, and says when that is done."""
        self._began = time.monotonic()
        self._start_share = 0.0 if self._opened.is_open(order.source) else OPENING_SHARE
        self._order = order
        self._go_to("open", "open", 0.0)

    def change(self, order: Order) -> None:
        """Go back to the start of the running job, with another order."""
        self._order = order
        self._full.give_up()
        self._go_to("open", "open", 0.0)

    def is_opened(self) -> None:
        """The layer is open; its regions are looked for."""
        if self._step == "open":
            self._go_to("regions", "submasks", self._start_share)

    def found_regions(self, settings: ResultSettings, note: str) -> None:
        """All is there that the result depends on. note: a text to keep with it."""
        if self._step == "regions" and self._order is not None:
            self._note = note
            self._grabbed = self._opened.grabbed_at(self._order.source.revision)
            self._go_to("result", "coarse", self._start_share)
            self._full.want(self._opened.key, settings, covers=self._lies_on_results())

    def progress(self, stage: str, share: float) -> None:
        """The engine's word on how far its part of the job is."""
        if self._step == "open":
            self._tell(stage, self._start_share * share)
        elif self._step == "result":
            self._tell(stage, self._start_share + (1 - self._start_share) * share)

    def end(self, notice: Notice | None) -> None:
        """Stop here, with what there is to say. A result that is being put in still comes."""
        if self._step == "none":
            return
        self._order, self._grabbed, self._step, self._job = None, None, "none", None
        self.changed.emit()
        self.ended.emit(notice)

    def forget(self, document: str) -> None:
        """A document was closed: its results cannot be updated any more."""
        self._results = {key: value for key, value in self._results.items() if key[0] != document}

    def _lies_on_results(self) -> bool:
        """Whether earlier results still show, as the host cannot hide them."""
        order, grabbed = self._order, self._opened.grabbed
        if order is None or grabbed is None or grabbed.placing == "instead":
            return False
        return grabbed.has_results or _place(order) in self._results

    def _on_result(self, result: Harmonized) -> None:
        order, grabbed = self._order, self._grabbed
        if self._step != "result" or order is None or grabbed is None:
            return
        strength = result.suggested if order.strength is None else order.strength
        if order.strength is None and strength == 0:
            self.end(notices.already_fits(order.name))
            return
        self._go_to("put", "transfer", 1.0)
        put = Put(
            grabbed=grabbed,
            pixels=result.layer,
            name=_title(order, strength),
            settings=self._note,
            target=order.source.target,
            output=order.output,
            update=self._results.get(_place(order), "") if self._can_update else "",
        )
        self._host.ask(put, lambda answer: self._on_placed(order, answer))

    def _on_placed(self, order: Order, answer: HostAnswer) -> None:
        if isinstance(answer, Placed):
            self._results[_place(order)] = answer.result
            self.placed.emit(order, answer)
            self.end(None)
        elif isinstance(answer, Declined):
            self.end(notices.declined(answer.sentence))

    def _go_to(self, step: Step, stage: str, share: float) -> None:
        self._step = step
        self._tell(stage, share)

    def _tell(self, stage: str, share: float) -> None:
        self._job = Job(stage, share)
        self.changed.emit()


def _title(order: Order, strength: float) -> str:
    """Of a new layer."""
    distance, percent = order.cutoff_distance, round(100 * strength)
    if order.source.target == "background":
        return text(
            "Background for {name} (d_c {distance}, {percent} %)",
            name=order.name,
            distance=distance,
            percent=percent,
        )
    return text(
        "{name}, harmonized (d_c {distance}, {percent} %)",
        name=order.name,
        distance=distance,
        percent=percent,
    )


def _place(order: Order) -> tuple[str, str, str, str]:
    source = order.source
    return source.document, source.layer, source.target, order.output
