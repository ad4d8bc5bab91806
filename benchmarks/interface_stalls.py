"""How long our editor's window stands still while it works on large pictures.

A timer beats every two milliseconds in the interface's thread; the longest gap between two beats
is the longest time that nothing could be clicked. Opens a picture with a pasted layer, harmonizes
with the real engine, moves the slider, harmonizes again, undoes, saves as OpenRaster, and prints
for each how long it took, the longest gap (by the clock, and in processor time of that thread
alone, which other programs do not lengthen), and in the end the peak memory of both processes.

    QT_QPA_PLATFORM=offscreen python -m benchmarks.interface_stalls --samples DIR
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from benchmarks.panel_latency import pasted
from engine.color.conversion import converted
from frih_plugin.hosts.standalone.app import SWITCH_INTERVAL_S
from frih_plugin.hosts.standalone.document import Document
from frih_plugin.hosts.standalone.harmonize.wiring import Harmonizing
from frih_plugin.hosts.standalone.window import EditorWindow
from frih_plugin.qt.core import QTimer
from frih_plugin.qt.widgets import QApplication

BEAT_MS = 2
PATIENCE_S = 120.0
WHITE_16 = 65_535


class Heartbeat:
    """The gaps between beats of the interface's thread, in milliseconds: clock, processor."""

    def __init__(self) -> None:
        self._timer = QTimer()
        self._timer.timeout.connect(self._beat)
        self._timer.start(BEAT_MS)
        self.start()

    def start(self) -> None:
        """Forget the gaps so far."""
        self._clock, self._processor = time.perf_counter(), time.thread_time()
        self.longest = 0.0, 0.0

    def _beat(self) -> None:
        clock, processor = time.perf_counter(), time.thread_time()
        gap = 1000 * (clock - self._clock), 1000 * (processor - self._processor)
        self.longest = max(self.longest[0], gap[0]), max(self.longest[1], gap[1])
        self._clock, self._processor = clock, processor


class Bench:
    """A window in which things are done, one after the other."""

    def __init__(self, application: QApplication, folder: Path) -> None:
        self._application, self._folder = application, folder
        self._heart = Heartbeat()
        self._window = EditorWindow(folder / "editor.ini")
        self._harmonizing = Harmonizing(self._window, folder)
        self._state = self._harmonizing.state
        self._window.resize(1600, 1000)
        self._window.show()
        self._harmonizing.start()
        self._wait(lambda: self._state.engine.phase == "ready")

    def run(self, document: Document) -> None:
        """Do all of it, and print."""
        session, state, canvas = self._window.session, self._state, self._window.canvas
        self._time(
            "open",
            lambda: session.open(document),
            lambda: state.can_harmonize and canvas.is_complete,
        )
        self._harmonize("harmonize")
        self._time("move the slider", self._move_slider, lambda: state.job is None, at_least_s=3)
        self._harmonize("harmonize again")
        self._time("undo", session.undo, lambda: canvas.is_complete)
        file = self._folder / "saved.ora"
        saved = lambda: file.exists() and not self._window.jobs.title  # noqa: E731 - read once
        self._time("save", lambda: self._window.files.save(file), saved)
        print(f"  peak memory: editor {_own_peak_mb()} MB, engine {self._engine_peak_mb()} MB")

    def close(self) -> None:
        """End window and engine."""
        self._window.end()
        self._wait(lambda: self._harmonizing.engine.process_id is None)

    def _harmonize(self, name: str) -> None:
        session, before = self._window.session, self._window.session.document
        self._time(
            name,
            self._harmonizing.panel.harmonize.button.click,
            lambda: session.document is not before and self._state.job is None,
        )

    def _move_slider(self) -> None:
        for stop in (7, 8, 9):
            self._state.set_stop(stop, dragging=True)
        self._state.set_stop(10, dragging=False)

    def _time(
        self,
        name: str,
        start: Callable[[], None],
        is_done: Callable[[], bool],
        at_least_s: float = 0.0,
    ) -> None:
        self._heart.start()
        began = time.monotonic()
        start()
        self._wait(lambda: is_done() and time.monotonic() - began > at_least_s)
        clock, processor = self._heart.longest
        seconds = time.monotonic() - began
        print(f"  {name:<16} {seconds:6.2f} s, gap {clock:4.0f} ms, {processor:4.0f} ms processor")

    def _wait(self, is_done: Callable[[], bool]) -> None:
        ends = time.monotonic() + PATIENCE_S
        while not is_done():
            if time.monotonic() > ends:
                raise TimeoutError("The editor did not come to rest.")
            self._application.processEvents()
            time.sleep(0.0005)

    def _engine_peak_mb(self) -> int:
        status = Path(f"/proc/{self._harmonizing.engine.process_id}/status").read_text("ascii")
        return int(status.split("VmHWM:")[1].split()[0]) // 1024


def main() -> None:
    """Print a table for each size and depth."""
    options = _parser().parse_args()
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    application = QApplication(sys.argv[:1])
    document = pasted(options.samples, options.megapixels)
    if options.depth == WHITE_16.bit_length():
        document = _in_16_bits(document)
    print(f"{options.megapixels:g} megapixels, {options.depth} bit, two layers")
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(application, Path(folder))
        try:
            bench.run(document)
        finally:
            bench.close()


def _in_16_bits(document: Document) -> Document:
    pictures = (converted(layer.picture, document.icc, WHITE_16) for layer in document.layers)
    pairs = zip(document.layers, pictures, strict=True)
    layers = tuple(replace(layer, picture=picture) for layer, picture in pairs)
    return replace(document, depth=16, layers=layers)


def _own_peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--samples", type=Path, required=True, metavar="DIR")
    parser.add_argument("--megapixels", type=float, default=24)
    parser.add_argument("--depth", type=int, choices=(8, 16), default=8)
    return parser


if __name__ == "__main__":
    main()
