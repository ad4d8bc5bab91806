"""FRIH Harmonize in Krita: makes the docker "Harmonize", or one that says why it cannot.

Krita imports this as frih_harmonize. It reads on Python 3.8, which some builds of Krita bring.
"""

from __future__ import annotations

import importlib
import logging
import sys
from pathlib import Path

from krita import DockWidget, DockWidgetFactory, DockWidgetFactoryBase, Krita

OLDEST_PYTHON = (3, 10)


def _register() -> None:
    """Give Krita the plug-in, or a docker with one sentence."""
    if sys.version_info < OLDEST_PYTHON:
        _show_sentence(
            "FRIH Harmonize needs Python 3.10 or newer, and this Krita brings "
            "{}.{}: install a newer Krita (5.2 or later).".format(*sys.version_info[:2])
        )
        return
    # At the end: nothing of Krita's own shall be hidden by a module of ours.
    sys.path.append(str(Path(__file__).resolve().parent))
    try:
        from frih_plugin.hosts.krita.entry import register  # noqa: PLC0415 - its syntax is newer

        register()
    except Exception as error:
        logging.getLogger(__name__).exception("FRIH Harmonize could not be started")
        _show_sentence(
            f"FRIH Harmonize could not be started ({type(error).__name__}: {error}): import its "
            "zip again, then start Krita again."
        )


def _show_sentence(sentence: str) -> None:
    """Register a docker that only says something."""
    # Krita 5 refuses PyQt6 and Krita 6 refuses PyQt5, each by an ImportError.
    try:
        widgets = importlib.import_module("PyQt5.QtWidgets")
    except ImportError:
        widgets = importlib.import_module("PyQt6.QtWidgets")

    class SentenceDocker(DockWidget):
        def __init__(self) -> None:
            super().__init__()
            self.setWindowTitle("Harmonize")
            label = widgets.QLabel(sentence, self)
            label.setWordWrap(True)
            label.setMargin(12)
            self.setWidget(label)

        def canvasChanged(self, canvas: object) -> None:  # noqa: N802 - Krita's name
            """Krita asks for it."""

    side = DockWidgetFactoryBase.DockPosition.DockRight
    Krita.instance().addDockWidgetFactory(DockWidgetFactory("frih_harmonize", side, SentenceDocker))


_register()
