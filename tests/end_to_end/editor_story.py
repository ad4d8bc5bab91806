"""A person's way through the editor, acted out in a real window with the real engine.

Run by test_editor_story.py on an X screen of its own: `editor_story.py FOLDER`. Writes what it
saw to FOLDER/report.json, whose last entry "the end" is there only if all of it was acted out.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from PyQt6.QtCore import QMimeData, QPoint, Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QWidget

from frih_plugin.hosts.standalone.document import Document
from frih_plugin.hosts.standalone.document.compositor import composite
from frih_plugin.hosts.standalone.harmonize.wiring import Harmonizing
from frih_plugin.hosts.standalone.window import EditorWindow

EXAMPLES = Path(__file__).resolve().parents[2] / "engine" / "examples"
SLIDER_STEPS = 40


def click(widget: QWidget) -> None:
    """Click into the middle of a widget."""
    at = QPoint(widget.width() // 2, widget.height() // 2)
    none = Qt.KeyboardModifier.NoModifier
    press: Callable[..., None] = QTest.mouseClick
    press(widget, Qt.MouseButton.LeftButton, none, at)


def type_key(widget: QWidget, key: Qt.Key) -> None:
    """Press and release a key."""
    press: Callable[..., None] = QTest.keyClick
    press(widget, key)


def pause(ms: int) -> None:
    """Let the window live for a while."""
    QTest.qWait(ms)  # pyright: ignore[reportCallIssue] - PyQt6's stubs miss a staticmethod


class Story:
    """One window, and what was seen in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.report: dict[str, object] = {}
        self.window = EditorWindow(folder / "settings" / "editor.ini")
        self.harmonizing = Harmonizing(self.window, folder / "settings")
        self.panel, self.state = self.harmonizing.panel, self.harmonizing.state
        self.window.restore()
        self.window.show()
        self.harmonizing.start()

    @property
    def document(self) -> Document:
        document = self.window.session.document
        assert document is not None
        return document

    def wait(self, what: str, condition: Callable[[], bool], seconds: float = 60) -> None:
        """Let the window live until something is so; fails with `what` did not come."""
        ends = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < ends, f"waited in vain: {what}"
            pause(10)

    def picture(self, name: str) -> None:
        """Take a picture of the window."""
        pause(300)
        self.window.grab().save(str(self.folder / f"{name}.png"))

    def shown(self) -> bytes:
        """What the document shows, to be compared."""
        return composite(self.document).pixels.tobytes()

    def harmonize(self) -> None:
        """Click on Harmonize and wait for the result."""
        self.wait("the button", self.panel.harmonize.button.isEnabled)
        steps = self.document
        click(self.panel.harmonize.button)
        self.wait("a result", lambda: self.state.job is None and self.document is not steps)

    def at_rest(self) -> None:
        """Wait until nothing moves any more."""
        pause(600)
        self.wait("rest", lambda: self.state.job is None and self.state.engine.phase == "ready")

    def act(self) -> None:
        """All of it, in order."""
        self.wait("the engine", lambda: self.state.engine.phase == "ready")
        self.open_and_paste()
        pasted = self.shown()
        self.harmonize()
        self.report["layers"] = [layer.name for layer in self.document.layers]
        self.report["changed"] = self.shown() != pasted
        self.picture("harmonized")
        self.drag_granularity()
        self.switch_region_off()
        before = self.shown()
        self.harmonize()
        self.report["updated"] = len(self.document.layers) == 3 and self.shown() != before
        self.undo_and_redo(before)
        self.lose_the_engine()
        self.harmonize_and_save()
        self.report["the end"] = True

    def open_and_paste(self) -> None:
        """Open the background, paste the cut-out from the clipboard."""
        self.window.open_or_place((EXAMPLES / "cake_background.jpg",))
        self.wait("the picture", lambda: self.window.session.document is not None)
        data = QMimeData()
        data.setData("image/png", (EXAMPLES / "cake_layer.png").read_bytes())
        clipboard = QApplication.clipboard()
        assert clipboard is not None
        clipboard.setMimeData(data)
        self.window.editing.paste()
        self.wait("the pasted layer", lambda: len(self.document.layers) == 2)
        bounds = self.document.layers[1].bounds
        self.report["at"] = f"{bounds.left},{bounds.top}"

    def drag_granularity(self) -> None:
        """Forty steps of the slider by the keyboard, to and fro."""
        slider = self.panel.granularity.slider
        slider.setFocus()
        shown = self.shown()
        for step in range(SLIDER_STEPS):
            forward = (step // 8) % 2 == 0
            type_key(slider, Qt.Key.Key_Right if forward else Qt.Key.Key_Left)
            pause(20)
        self.at_rest()
        self.report["untouched by the slider"] = self.shown() == shown
        self.report["stop"] = self.state.settings.stop
        self.picture("regrouped")

    def switch_region_off(self) -> None:
        """Click the first region's swatch."""
        regions = self.state.region_map
        assert regions is not None
        self.report["regions"] = len(regions.regions)
        click(self.panel.regions.rows[0].swatch)
        self.at_rest()
        assert self.state.region_map is not None
        self.report["off"] = [view.index for view in self.state.region_map.regions if not view.on]
        self.picture("region-off")

    def undo_and_redo(self, before: bytes) -> None:
        """One step back and forth."""
        after = self.shown()
        self.window.session.undo()
        self.report["undone"] = self.shown() == before
        self.window.session.redo()
        self.report["redone"] = self.shown() == after

    def lose_the_engine(self) -> None:
        """Kill the engine in the middle of a job; the document stays as it is."""
        before = self.document.layers
        process = self.harmonizing.engine.process_id
        assert process is not None
        self.state.set_strength(0.9, dragging=False)
        click(self.panel.harmonize.button)
        os.kill(process, signal.SIGKILL)
        self.wait("another engine", lambda: self.harmonizing.engine.process_id != process)
        self.wait("readiness", lambda: self.state.engine.phase == "ready")
        pause(300)
        self.picture("engine-lost")
        self.report["untouched by the kill"] = self.document.layers == before
        self.report["notice"] = "" if self.state.notice is None else self.state.notice.sentence

    def harmonize_and_save(self) -> None:
        """Go on with the new engine, and save."""
        self.harmonize()
        self.report["strength"] = self.state.settings.strength
        for name in ("result.png", "result.ora"):
            self.window.files.save(self.folder / name)
            self.wait(name, lambda: not self.window.jobs.title)
        self.picture("saved")
        self.report["dirty"] = self.window.session.is_dirty


def main(folder: Path) -> None:
    application = QApplication(sys.argv[:1])
    story = Story(folder)
    try:
        story.act()
    finally:
        report = json.dumps(story.report, indent=1)
        (folder / "report.json").write_text(report, encoding="utf-8")
        story.window.end()
        story.harmonizing.engine.stop()
        ends = time.monotonic() + 5
        while story.harmonizing.engine.process_id is not None and time.monotonic() < ends:
            pause(20)
        application.quit()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
