# pyright: reportWildcardImportFromLibrary=false
"""QtGui under the names of Qt 6."""

from __future__ import annotations

from typing import TYPE_CHECKING

from frih_plugin.qt.binding import BINDING

if TYPE_CHECKING or BINDING == "PyQt6":
    from PyQt6.QtGui import *  # noqa: F403 - the whole module, passed on
else:
    from PyQt5.QtGui import *  # noqa: F403 - the whole module, passed on
    from PyQt5.QtWidgets import QAction, QActionGroup, QShortcut  # noqa: F401 - moved in Qt 6
