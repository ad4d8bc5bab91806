"""An engine client that starts nothing: a test sees what was sent, and answers when it wants."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from pathlib import Path

from frih_plugin.client.engine_client import ENGINE_LOST, EngineClient, Phase
from frih_plugin.client.engine_command import EngineCommand
from frih_plugin.protocol.messages import (
    CANCELLED,
    Answer,
    Closed,
    Failure,
    FindRegions,
    Harmonize,
    Harmonized,
    LayerOpened,
    MakePreview,
    OpenLayer,
    Preview,
    Region,
    RegionsFound,
    Request,
    Welcome,
)
from frih_plugin.protocol.pixels import Pixels

SIDE = 256
LEFT_HALF = bytes([0]) * 128 + bytes([1]) * 128
TOP_HALF = (bytes([0]) * SIDE) * 128 + (bytes([1]) * SIDE) * 128


class FakeEngine(EngineClient):
    """Keeps requests until `answer` or `answer_all`; `reply` makes an answer that makes sense.

    labels: of the next regions found, by cutoff distance; suggested: strength, of the next results;
    forgets_at_once: layers are unknown as soon as they were opened.
    """

    def __init__(self) -> None:
        super().__init__(EngineCommand("none", ()), "tests")
        self.sent: list[Request] = []
        self.open: dict[int, Request] = {}
        self.cancelled: list[Request] = []
        self.labels: dict[float, bytes] = {}
        self.suggested = 1.0
        self.forgets_at_once = False
        self.starts = 0
        self._ids = count(1)
        self._fake_phase: Phase = "starting"
        self._fake_sentence = ""
        self._layers: dict[str, OpenLayer] = {}

    @property
    def phase(self) -> Phase:
        return self._fake_phase

    @property
    def sentence(self) -> str:
        return self._fake_sentence

    @property
    def welcome(self) -> Welcome | None:
        return Welcome(1, "1.0", "0" * 64, "torch", "a tested CPU", ())

    @property
    def log_file(self) -> Path | None:
        return Path("engine.log")

    def start(self) -> None:
        self.starts += 1
        self.become("ready")

    def stop(self) -> None:
        self.become("starting")

    def become(self, phase: Phase, sentence: str = "") -> None:
        self._fake_phase, self._fake_sentence = phase, sentence
        self.phase_changed.emit()

    def send(self, request: Request) -> int:
        call = next(self._ids)
        self.sent.append(request)
        self.open[call] = request
        self._show_work()
        return call

    def cancel(self, call_id: int) -> None:
        request = self.open.pop(call_id, None)
        if request is not None:
            self.cancelled.append(request)
            self.answered.emit(call_id, Failure(CANCELLED, "Cancelled."))

    def die(self) -> None:
        """The process is killed: all that is open is lost, and a new one starts."""
        lost, self.open = self.open, {}
        self._layers.clear()
        self.become("restarting", "The engine ended.")
        for call in lost:
            self.answered.emit(call, Failure(ENGINE_LOST, "The engine ended."))

    def forget_layers(self) -> None:
        """As if memory had run short: keys are unknown from now on."""
        self._layers.clear()

    def opened(self, request: MakePreview) -> OpenLayer:
        """The layer that a request is about."""
        return self._layers[request.key]

    def answer(self, kind: type[Request], outcome: Answer | Failure | None = None) -> Request:
        """Answer the oldest open request of a kind, as an engine would where nothing is given."""
        call = next(call for call, request in self.open.items() if isinstance(request, kind))
        request = self.open.pop(call)
        self.answered.emit(call, self.reply(request) if outcome is None else outcome)
        self._show_work()
        return request

    def answer_all(self) -> None:
        """Answer until nothing is open."""
        while self.open:
            self.answer(type(next(iter(self.open.values()))))

    def _show_work(self) -> None:
        """As the real one: "busy" is told while a request is taken."""
        if self._fake_phase in ("ready", "busy"):
            phase = "busy" if self.open else "ready"
            if phase != self._fake_phase:
                self.become(phase)

    def progress(self, kind: type[Request], stage: str, share: float) -> None:
        call = next(call for call, request in self.open.items() if isinstance(request, kind))
        self.progressed.emit(call, stage, share)

    def sent_of(self, kind: type[Request]) -> list[Request]:
        return [request for request in self.sent if isinstance(request, kind)]

    def reply(self, request: Request) -> Answer | Failure:
        if isinstance(request, OpenLayer):
            self._layers[request.key] = request
            return LayerOpened(0, 0, 24, 16, gray(10))
        layer = None if self.forgets_at_once else self._layers.get(getattr(request, "key", ""))
        if layer is None:
            return Failure("unknown-layer", "This layer is not open.")
        if isinstance(request, FindRegions):
            labels = self.labels.get(request.cutoff_distance, LEFT_HALF * SIDE)
            return found(labels)
        if isinstance(request, MakePreview):
            small = None if request.scale is None else shrunk(layer.layer, request.scale)
            return Preview(gray(20), small, 0.5, self.suggested, 0.01)
        if isinstance(request, Harmonize):
            return Harmonized(
                changed(layer.layer), 0.5, self.suggested, 200.0, 2, "a tested CPU", ()
            )
        return Closed()


def found(labels: bytes) -> RegionsFound:
    """Regions by these labels; region n has the colour (10 n, 100, 200)."""
    indices = sorted(set(labels) - {255})
    regions = tuple(Region(i, 10 * i, 100, 200, labels.count(i)) for i in indices)
    return RegionsFound(Pixels(SIDE, SIDE, "gray", "u8", labels), regions, len(regions))


def gray(level: int) -> Pixels:
    return Pixels(4, 4, "rgb", "u8", bytes([level]) * 48)


def changed(pixels: Pixels) -> Pixels:
    """Other colours with the same alpha, of an rgba picture."""
    data = bytearray(bytes(pixels.data).translate(bytes(value ^ 16 for value in range(256))))
    data[3::4] = bytes(pixels.data)[3::4]
    return replace(pixels, data=bytes(data))


def shrunk(pixels: Pixels, scale: int) -> Pixels:
    width, height = -(-pixels.width // scale), -(-pixels.height // scale)
    return Pixels(width, height, "rgba", "u8", bytes(pixels.data)[: 4 * width * height])
