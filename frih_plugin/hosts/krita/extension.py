"""The action: in Tools > Scripts, with a shortcut (packaging's .action file), for every window."""

from __future__ import annotations

from krita import Extension, Window

from frih_plugin.hosts.krita.dock import HarmonizeDocker
from frih_plugin.qt.widgets import QMainWindow
from frih_plugin.texts import text

ACTION_ID = "frih_harmonize"


class HarmonizeExtension(Extension):
    """Harmonizes the active layer of a window, and shows the panel there."""

    def setup(self) -> None:
        """Nothing is needed before there is a window."""

    def createActions(self, window: Window) -> None:  # noqa: N802 - Krita's name
        """Add the action to a window."""
        action = window.createAction(ACTION_ID, text("Harmonize Layer"), "tools/scripts")
        # Krita deletes its wrapper after this call; Qt's window stays.
        main = window.qwindow()
        action.triggered.connect(lambda: _harmonize_in(main))


def _harmonize_in(main: QMainWindow) -> None:
    for dock in main.findChildren(HarmonizeDocker):
        dock.harmonize()
