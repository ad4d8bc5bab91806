# pyright: reportWildcardImportFromLibrary=false
"""QtCore under the names of Qt 6, with Signal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from frih_plugin.qt.binding import BINDING

if TYPE_CHECKING or BINDING == "PyQt6":
    from PyQt6.QtCore import *  # noqa: F403 - the whole module, passed on
    from PyQt6.QtCore import pyqtSignal
else:
    from PyQt5.QtCore import *  # noqa: F403 - the whole module, passed on
    from PyQt5.QtCore import pyqtSignal

Signal = pyqtSignal
