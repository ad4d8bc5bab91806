"""A plug-in for Krita that acts out one story in it, for tests that nobody watches.

FRIH_STORY names the story's file, FRIH_STORY_FOLDER where it reports. A story is a generator
`act(stage)`: with `yield MS` it lets Krita live on for so many milliseconds. The report's entry
"the end" is there only if all of it was acted out.
"""

import json
import os
import sys
import time
import traceback
from pathlib import Path

from krita import Extension, Krita

try:
    from PyQt5.QtCore import QTimer
    from PyQt5.QtWidgets import QApplication
except ImportError:
    from PyQt6.QtCore import QTimer
    from PyQt6.QtWidgets import QApplication

LIMIT_S = float(os.environ.get("FRIH_STORY_LIMIT", "420"))


class Stage:
    """What a story reports to. longest_block: the longest time that Krita did not breathe, in s."""

    def __init__(self):
        self.folder = Path(os.environ["FRIH_STORY_FOLDER"])
        self.report = {"version": Krita.instance().version(), "python": sys.version.split()[0]}
        self.longest_block = 0.0
        self._beat = time.perf_counter()

    def breathe(self):
        now = time.perf_counter()
        self.longest_block = max(self.longest_block, now - self._beat)
        self._beat = now

    def close(self):
        text = json.dumps(self.report, indent=1, ensure_ascii=False)
        (self.folder / "report.json").write_text(text, encoding="utf-8")


class Player(Extension):
    """Waits for Krita's window, then takes the story step by step."""

    def __init__(self, parent):
        super().__init__(parent)
        self._began = time.monotonic()
        self._stage = Stage()
        self._story = None
        self._next = QTimer(self)
        self._next.setSingleShot(True)
        self._next.timeout.connect(self._step)
        self._heart = QTimer(self)
        self._heart.setInterval(10)
        self._heart.timeout.connect(self._watch)

    def setup(self):
        self._next.start(100)
        self._heart.start()

    def createActions(self, window):
        """Krita asks for it."""

    def _watch(self):
        self._stage.breathe()
        modal = QApplication.activeModalWidget()
        if modal is not None:
            self._stage.report["dialog"] = modal.windowTitle() or type(modal).__name__
        if time.monotonic() - self._began > LIMIT_S:
            self._stage.report["error"] = "it took too long"
            self._end(97)

    def _step(self):
        window = Krita.instance().activeWindow()
        if self._story is None and (window is None or not window.qwindow().isVisible()):
            self._next.start(50)
            return
        try:
            if self._story is None:
                self._story = _act_of(os.environ["FRIH_STORY"])(self._stage)
            self._next.start(next(self._story))
        except StopIteration:
            self._stage.report["the end"] = True
            self._end(0)
        except BaseException:  # whatever it is, a story that goes wrong has to say so and end
            self._stage.report["error"] = traceback.format_exc()
            self._end(1)

    def _end(self, status):
        self._stage.close()
        # At once: Krita's own way out asks about unsaved pictures and always ends with 0.
        os._exit(status)


def _act_of(path):
    space = {"__name__": "frih_story_file", "__file__": path}
    exec(compile(Path(path).read_text(encoding="utf-8"), path, "exec"), space)
    return space["act"]


if os.environ.get("FRIH_STORY"):
    Krita.instance().addExtension(Player(Krita.instance()))
