"""Starts the editor: `python -m frih_plugin.hosts.standalone [FILES]`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from frih_plugin.client.engine_command import EngineNotFoundError
from frih_plugin.hosts.standalone.harmonize.wiring import Harmonizing
from frih_plugin.hosts.standalone.interrupt import Interrupt
from frih_plugin.hosts.standalone.preferences import default_file
from frih_plugin.hosts.standalone.window import EditorWindow
from frih_plugin.qt.core import QLibraryInfo, QLocale, QTranslator
from frih_plugin.qt.widgets import QApplication
from frih_plugin.texts import language, languages, use_language

SWITCH_INTERVAL_S = 0.001
"""How long a thread may hold the interpreter while the interface waits; Python's 5 ms are seen."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Open the editor with the files given, or with the bundled example; gives the exit status."""
    options = _parser().parse_args(arguments)
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    application = QApplication(sys.argv[:1])
    application.setApplicationName("frih-harmonize")
    application.setApplicationDisplayName("FRIH Harmonize")
    application.setDesktopFileName("frih-harmonize")
    use_language(options.language)
    translator = _qt_texts(application)
    settings: Path = options.settings or default_file()
    window = EditorWindow(settings)
    interrupt = Interrupt(lambda: _end(window, application))
    add_harmonizing(window, settings.parent)
    window.restore()
    window.show()
    start(window, options.files)
    status = application.exec()
    interrupt.close()
    window.end()
    del translator
    return status


def start(window: EditorWindow, files: Sequence[Path]) -> None:
    """Show the first file and place the others on it; without files show the example."""
    if files:
        window.open_or_place(tuple(path.absolute() for path in files))
    else:
        window.file_menu.show_example()


def add_harmonizing(window: EditorWindow, settings_folder: Path) -> Harmonizing | None:
    """Dock the panel and start the engine; without an engine the editor says so and goes on."""
    try:
        harmonizing = Harmonizing(window, settings_folder)
    except EngineNotFoundError as error:
        window.messages.fail(str(error))
        return None
    harmonizing.start()
    return harmonizing


def _end(window: EditorWindow, application: QApplication) -> None:
    """Asked to end from outside: nobody is there to answer a question."""
    window.end()
    application.quit()


def _qt_texts(application: QApplication) -> QTranslator:
    """Qt's own buttons in the language in use."""
    translator = QTranslator(application)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if translator.load(QLocale(language()), "qtbase", "_", folder):
        application.installTranslator(translator)
    return translator


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="frih-editor", description="A small editor to harmonize pasted layers in."
    )
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="pictures to open")
    parser.add_argument("--language", default="", choices=("", *languages()), help="of the texts")
    parser.add_argument("--settings", type=Path, metavar="FILE", help="where settings are kept")
    return parser
