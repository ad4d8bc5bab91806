"""How long the editor's canvas takes for a frame while one pans, zooms and drags a layer.

Drives the real widget by events and lets it paint as fast as it can: a frame is the time from an
event until all that it caused is painted. Prints milliseconds of the clock, and of the processor
in the interface's thread alone, which other programs do not lengthen; the goal is a 95th percentile
below 33 at 24 megapixels.

    QT_QPA_PLATFORM=offscreen python -m benchmarks.editor_canvas [--megapixels 2 12 24] [--ratio 2]
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from engine.color.picture import Picture
from frih_plugin.hosts.standalone.app import SWITCH_INTERVAL_S
from frih_plugin.hosts.standalone.canvas.canvas import Canvas
from frih_plugin.hosts.standalone.document import (
    Document,
    add_picture,
    new_document,
    select_lasso,
)
from frih_plugin.hosts.standalone.session import EditorSession
from frih_plugin.hosts.standalone.tools.move import MoveTool
from frih_plugin.qt.core import QEvent, QPoint, QPointF, Qt
from frih_plugin.qt.gui import QMouseEvent, QWheelEvent
from frih_plugin.qt.widgets import QApplication

_FRAMES = 120
_NO_KEYS = Qt.KeyboardModifier.NoModifier


@dataclass(frozen=True, slots=True)
class Scene:
    """A canvas that shows a document."""

    canvas: Canvas
    session: EditorSession
    application: QApplication

    def settle(self) -> None:
        """Wait until all that is in view is there."""
        end = time.monotonic() + 60
        while time.monotonic() < end:
            self.application.processEvents()
            if self.canvas.is_complete:
                return
            time.sleep(0.005)


def main() -> None:
    """Print a table."""
    options = _parser().parse_args()
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    os.environ["QT_SCALE_FACTOR"] = str(options.ratio)
    application = QApplication([])
    across, down = options.size
    width, height = round(across / options.ratio), round(down / options.ratio)
    print(f"canvas {across} x {down} device pixels, scale {options.ratio}, ms a frame")
    head = f"{'p50':>6} {'p95':>6} {'most':>6} {'cpu p95':>8} {'settled after':>14}"
    print(f"{'MP':>4} {'gesture':<14} {head}")
    for megapixels in options.megapixels:
        session = EditorSession()
        canvas = Canvas(session)
        canvas.resize(width, height)
        tool = MoveTool(session)
        canvas.use(tool)
        session.open(_document(megapixels))
        canvas.show()
        scene = Scene(canvas, session, application)
        scene.settle()
        _measure(scene, megapixels)
        canvas.stop()
        canvas.close()


def _measure(scene: Scene, megapixels: int) -> None:
    gestures: dict[str, Callable[[Scene], Iterator[None]]] = {
        "zoom, wheel": _zoom,
        "pan at 100 %": _pan_actual,
        "pan at 37 %": _pan_small,
        "drag a layer": _drag,
        "pan, selection": _pan_selected,
    }
    for name, gesture in gestures.items():
        clock, processor = zip(*_frames(scene, gesture(scene)), strict=True)
        start = time.perf_counter()
        scene.settle()
        settled = 1000 * (time.perf_counter() - start)
        p50, p95, most = np.percentile(clock, [50, 95, 100])
        used = np.percentile(processor, 95)
        row = f"{p50:6.1f} {p95:6.1f} {most:6.1f} {used:8.1f} {settled:14.0f}"
        print(f"{megapixels:>4} {name:<14} {row}")


def _frames(scene: Scene, gesture: Iterator[None]) -> list[tuple[float, float]]:
    """Milliseconds of each step of a gesture with what it paints, at most 60 steps a second."""
    taken: list[tuple[float, float]] = []
    next(gesture)
    scene.settle()
    is_over = False
    while not is_over:
        start, used = time.perf_counter(), time.thread_time()
        try:
            next(gesture)
        except StopIteration:
            is_over = True
        scene.canvas.repaint()
        scene.application.processEvents()
        clock = time.perf_counter() - start
        taken.append((1000 * clock, 1000 * (time.thread_time() - used)))
        time.sleep(max(0.0, 1 / 60 - clock))
    return taken


def _zoom(scene: Scene) -> Iterator[None]:
    scene.canvas.fit()
    yield
    at = QPointF(scene.canvas.width() * 0.4, scene.canvas.height() * 0.6)
    for frame in range(_FRAMES):
        clicks = 40 if frame % 60 < 30 else -40
        wheel = QWheelEvent(
            at,
            at,
            QPoint(),
            QPoint(0, clicks),
            Qt.MouseButton.NoButton,
            _NO_KEYS,
            Qt.ScrollPhase.NoScrollPhase,
            False,  # noqa: FBT003 - Qt's signature
        )
        scene.application.sendEvent(scene.canvas, wheel)
        yield


def _pan_actual(scene: Scene) -> Iterator[None]:
    scene.canvas.zoom_to(1)
    yield from _dragged(scene, Qt.MouseButton.MiddleButton)


def _pan_small(scene: Scene) -> Iterator[None]:
    scene.canvas.zoom_to(0.37)
    yield from _dragged(scene, Qt.MouseButton.MiddleButton)


def _pan_selected(scene: Scene) -> Iterator[None]:
    document = scene.session.document
    if document is not None:
        center = document.width / 2, document.height / 2
        turns = np.linspace(0, 2 * np.pi, 300)
        outline = [
            (center[0] * (1 + 0.8 * np.cos(turn)), center[1] * (1 + 0.8 * np.sin(turn)))
            for turn in turns.tolist()
        ]
        scene.session.apply(select_lasso(document, outline, 20), "Select")
    scene.canvas.zoom_to(0.51)
    yield from _dragged(scene, Qt.MouseButton.MiddleButton)


def _drag(scene: Scene) -> Iterator[None]:
    scene.canvas.fit()
    yield from _dragged(scene, Qt.MouseButton.LeftButton)


def _dragged(scene: Scene, button: Qt.MouseButton) -> Iterator[None]:
    """The pointer drags to and fro by 12 pixels a frame."""
    yield
    middle = QPointF(scene.canvas.width() / 2, scene.canvas.height() / 2)
    _send(scene, QEvent.Type.MouseButtonPress, middle, button)
    reach = scene.canvas.width() * 0.3
    for frame in range(_FRAMES):
        along = (frame * 12) % (2 * reach)
        offset = along if along < reach else 2 * reach - along
        at = middle + QPointF(offset, offset / 2)
        _send(scene, QEvent.Type.MouseMove, at, button)
        yield
    _send(scene, QEvent.Type.MouseButtonRelease, middle, button)


def _send(scene: Scene, kind: QEvent.Type, at: QPointF, button: Qt.MouseButton) -> None:
    scene.application.sendEvent(scene.canvas, QMouseEvent(kind, at, at, button, button, _NO_KEYS))


def _document(megapixels: int) -> Document:
    """A noisy gradient with a round cut-out of a ninth of its area on it."""
    height = round((megapixels * 1e6 / 1.5) ** 0.5)
    width = round(height * 1.5)
    rng = np.random.default_rng(1)
    ramp = np.linspace(0, 160, width, dtype=np.float32)[None, :, None]
    noise = rng.integers(0, 90, (height, width, 3), np.uint8)
    pixels = (ramp + noise).astype(np.uint8)
    y, x = np.mgrid[0 : height // 3, 0 : width // 3]
    distance = np.hypot(y / (height / 6) - 1, x / (width / 6) - 1)
    alpha = (255 * np.clip(12 * (1 - distance), 0, 1)).astype(np.uint8)
    mirrored = np.ascontiguousarray(pixels[: height // 3, : width // 3][:, ::-1])
    document = new_document(Picture(pixels), "Background")
    return add_picture(document, Picture(mirrored, alpha), "Top")[0]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megapixels", type=int, nargs="+", default=[2, 12, 24])
    parser.add_argument("--size", type=int, nargs=2, default=[1600, 1000], help="device pixels")
    parser.add_argument("--ratio", type=float, default=1.0, help="the screen's scale")
    return parser


if __name__ == "__main__":
    main()
