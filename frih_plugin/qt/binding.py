"""Which Qt binding is used."""

from __future__ import annotations

import importlib
import sys
from typing import Literal

Binding = Literal["PyQt5", "PyQt6"]


def _choose() -> Binding:
    for loaded in ("PyQt5", "PyQt6"):
        if f"{loaded}.QtCore" in sys.modules:
            return loaded
    try:
        importlib.import_module("PyQt5.QtCore")
    except ImportError:
        return "PyQt6"
    return "PyQt5"


BINDING: Binding = _choose()
