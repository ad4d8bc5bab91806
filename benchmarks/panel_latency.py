"""How soon the panel follows the granularity slider, at pictures of several sizes.

Drives the real widgets of our editor with the real engine and the shipped weights: moves the
slider's handle stop by stop, to fine and back, and waits each time for the regions' overlay and
for the picture to be painted; then lets go and harmonizes. The alternative
is a panel without previews, which asks for the full result at every stop.

    QT_QPA_PLATFORM=offscreen python -m benchmarks.panel_latency --samples DIR

Goals: overlay 95th percentile below 100 ms (33 wished for), picture below 100 ms.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from engine.color.picture import Picture, Pixels
from engine.files import fit_mask_to, read_mask, read_picture
from frih_plugin.client.engine_client import EngineClient
from frih_plugin.hosts.host import Grabbed
from frih_plugin.hosts.standalone.app import SWITCH_INTERVAL_S
from frih_plugin.hosts.standalone.document import Document, Layer
from frih_plugin.hosts.standalone.document.placement import Placement
from frih_plugin.hosts.standalone.harmonize.wiring import Harmonizing
from frih_plugin.hosts.standalone.host import StandaloneHost
from frih_plugin.hosts.standalone.window import EditorWindow
from frih_plugin.protocol.messages import Harmonize, ResultSettings
from frih_plugin.qt.widgets import QApplication
from frih_plugin.state.granularity import DEFAULT_STOP, STOPS, cutoff_distance
from frih_plugin.state.source import Source

PICTURE, MASK = "02_park_displayp3.jpg", "02_park_displayp3_mask.png"
PATIENCE_S = 60.0


@dataclass(slots=True)
class Latencies:
    """Milliseconds by what was waited for."""

    overlay: list[float] = field(default_factory=list[float])
    picture: list[float] = field(default_factory=list[float])
    full: list[float] = field(default_factory=list[float])
    without_previews: list[float] = field(default_factory=list[float])


class Bench:
    """One window with a pasted layer, and what it takes to move its slider."""

    def __init__(self, application: QApplication, document: Document, folder: Path) -> None:
        self._application = application
        self.window = EditorWindow(folder / "editor.ini")
        self._harmonizing = Harmonizing(self.window, folder)
        self._panel, self._state = self._harmonizing.panel, self._harmonizing.state
        self._painted: dict[str, float] = {}
        self._panel.preview.painted.connect(self._note)
        self.window.resize(1600, 1000)
        self.window.show()
        self.window.session.open(document)
        self._harmonizing.start()
        self._wait(lambda: self._state.engine.phase == "ready" and self._state.can_harmonize)
        self._panel.compare.regions.click()
        self._state.prepare()
        self._wait(lambda: "after" in self._painted)

    def measure(self) -> Latencies:
        """To the finest stop and back, twice; the first time fills the engine's caches."""
        found = Latencies()
        for stop in (*range(DEFAULT_STOP, STOPS), *range(STOPS - 2, DEFAULT_STOP - 1, -1)):
            self._move_to(stop, found)
        for stop in (STOPS - 1, 0, DEFAULT_STOP):
            found.full.append(self._click_at(stop))
        found.without_previews = self._full_results()
        return found

    def close(self) -> None:
        """End window, engine and threads."""
        self.window.end()
        engine: EngineClient = self._harmonizing.engine
        self._wait(lambda: engine.process_id is None)

    def _move_to(self, stop: int, found: Latencies) -> None:
        slider = self._panel.granularity.slider
        if slider.value() == stop:
            return
        self._painted.clear()
        began = time.perf_counter()
        slider.setSliderDown(True)
        slider.setSliderPosition(stop)
        self._wait(lambda: "after" in self._painted)
        found.picture.append(1000 * (self._painted["after"] - began))
        if "overlay" in self._painted:
            found.overlay.append(1000 * (self._painted["overlay"] - began))

    def _click_at(self, stop: int) -> float:
        """Let go of the handle, wait until all is at rest, and harmonize: seconds as shown."""
        slider = self._panel.granularity.slider
        slider.setSliderPosition(stop)
        slider.setSliderDown(False)
        ends = time.monotonic() + 1.0
        self._wait(lambda: time.monotonic() > ends and self._state.job is None)
        document = self.window.session.document
        self._panel.harmonize.button.click()
        self._wait(lambda: self.window.session.document is not document)
        self._wait(lambda: self._state.job is None)
        return 1000 * (self._state.last_seconds or float("nan"))

    def _full_results(self) -> list[float]:
        """A full result at every stop, asked of the engine by itself: a panel without previews."""
        source = Source.of(self._state.subject, self._state.settings)
        grabbed = self._answer(self._harmonizing.host, source.grab())
        if not isinstance(grabbed, Grabbed):
            raise TypeError("The editor declined the layer.")
        engine = self._harmonizing.engine
        self._answer(engine, source.open_layer("without previews", grabbed))
        times: list[float] = []
        for stop in range(DEFAULT_STOP, STOPS):
            request = Harmonize("without previews", ResultSettings(cutoff_distance(stop)))
            began = time.perf_counter()
            self._answer(engine, request)
            times.append(1000 * (time.perf_counter() - began))
        return times

    def _answer(self, asked: StandaloneHost | EngineClient, request: Any) -> object:  # noqa: ANN401 - each takes its own requests
        answers: dict[int, object] = {}

        def take(call: int, answer: object) -> None:
            answers[call] = answer

        asked.answered.connect(take)
        send: Callable[[Any], int] = asked.send if isinstance(asked, EngineClient) else asked.ask
        call = send(request)
        self._wait(lambda: call in answers)
        asked.answered.disconnect(take)
        return answers[call]

    def _note(self, name: str) -> None:
        self._painted.setdefault(name, time.perf_counter())

    def _wait(self, condition: Callable[[], bool]) -> None:
        ends = time.monotonic() + PATIENCE_S
        while not condition():
            if time.monotonic() > ends:
                raise TimeoutError("The panel did not come to rest.")
            self._application.processEvents()
            time.sleep(0.0005)


def main() -> None:
    """Print a table."""
    options = _parser().parse_args()
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    application = QApplication(sys.argv[:1])
    print("milliseconds: p50 / p95 of overlay and picture; click to result; ratio")
    for megapixels in options.megapixels:
        with tempfile.TemporaryDirectory() as folder:
            bench = Bench(application, pasted(options.samples, megapixels), Path(folder))
            try:
                print(_row(megapixels, bench.measure()), flush=True)
            finally:
                bench.close()


def pasted(samples: Path, megapixels: float) -> Document:
    """The park with its object as a layer that lies just where it was, at a size."""
    file = read_picture(samples / PICTURE)
    mask = fit_mask_to(file, read_mask(samples / MASK))
    scale = (megapixels * 1e6 / (file.picture.width * file.picture.height)) ** 0.5
    size = round(file.picture.width * scale), round(file.picture.height * scale)
    picture = Picture(_resized(file.picture.pixels, size), None, file.picture.icc)
    cut_out = Picture(_recolored(picture.pixels), _resized(mask, size), file.picture.icc)
    layers = Layer(picture, "park"), Layer(cut_out, "cut-out", placement=Placement())
    return Document(*size, icc=file.picture.icc, layers=layers)


def _resized(samples: Pixels, size: tuple[int, int]) -> Pixels:
    return np.asarray(Image.fromarray(samples).resize(size, Image.Resampling.LANCZOS))


def _recolored(pixels: Pixels) -> Pixels:
    """As from another camera, so that there is something to harmonize."""
    return (255 * (pixels / 255) ** 0.7 * (0.8, 0.95, 1.0)).astype(np.uint8)


def _row(megapixels: float, found: Latencies) -> str:
    def middle(values: list[float], percent: float) -> float:
        return float(np.percentile(values, percent)) if values else float("nan")

    overlay = f"{middle(found.overlay, 50):5.0f} / {middle(found.overlay, 95):5.0f}"
    picture = f"{middle(found.picture, 50):5.0f} / {middle(found.picture, 95):5.0f}"
    ratio = middle(found.without_previews, 50) / middle(found.picture, 50)
    return (
        f"{megapixels:4g} MP  overlay {overlay}  picture {picture}  "
        f"click {middle(found.full, 50):6.0f}  without previews "
        f"{middle(found.without_previews, 50):6.0f} = {ratio:4.1f} x picture"
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--samples", type=Path, required=True, metavar="DIR")
    parser.add_argument("--megapixels", type=float, nargs="+", default=[2, 12, 24])
    return parser


if __name__ == "__main__":
    main()
