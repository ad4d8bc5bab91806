"""The README's picture of the editor: `python packaging/make_editor_picture.py FILE.png`.

Harmonizes a bundled example in the real window with the real engine, with the split line and the
regions shown, and grabs it. Needs PyQt6 and the project; draws offscreen unless told otherwise.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SIZE = 1280, 860
PATIENCE_S = 60


def main() -> None:
    """Write the picture."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--dark", action="store_true", help="with a dark palette")
    options = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    sys.path.insert(0, str(ROOT))
    with tempfile.TemporaryDirectory() as folder:
        draw(options.file, Path(folder), dark=options.dark)


def draw(file: Path, settings: Path, *, dark: bool) -> None:
    """Act out one click on Harmonize, and grab the window."""
    from screenshot_states import dark_palette, light_palette  # noqa: PLC0415 - now importable

    from frih_plugin.hosts.standalone.example import open_example  # noqa: PLC0415
    from frih_plugin.hosts.standalone.harmonize.wiring import Harmonizing  # noqa: PLC0415
    from frih_plugin.hosts.standalone.window import EditorWindow  # noqa: PLC0415
    from frih_plugin.qt.widgets import QApplication  # noqa: PLC0415

    application = QApplication([])
    application.setStyle("Fusion")
    application.setPalette(dark_palette() if dark else light_palette())
    window = EditorWindow(settings / "editor.ini")
    harmonizing = Harmonizing(window, settings)
    state, panel = harmonizing.state, harmonizing.panel
    window.resize(*SIZE)
    window.show()
    window.session.open(open_example("park"))
    harmonizing.start()
    live(lambda: state.can_harmonize)
    document = window.session.document
    panel.harmonize.button.click()
    live(lambda: window.session.document is not document and state.job is None)
    state.prepare()
    live(lambda: state.pictures is not None and state.pictures.after is not None)
    panel.compare.split.click()
    settled = time.monotonic() + 1.5
    live(lambda: time.monotonic() > settled)
    window.grab().save(str(file))
    window.end()
    live(lambda: harmonizing.engine.process_id is None)


def live(condition: Callable[[], bool]) -> None:
    """Let the window live until something is so; raises TimeoutError."""
    from frih_plugin.qt.widgets import QApplication  # noqa: PLC0415 - see draw

    ends = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > ends:
            raise TimeoutError("The editor did not come to rest.")
        QApplication.processEvents()
        time.sleep(0.005)


if __name__ == "__main__":
    main()
