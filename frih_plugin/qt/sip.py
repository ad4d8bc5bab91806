"""The little of sip that a host needs, from the binding in use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from frih_plugin.qt.binding import BINDING

if TYPE_CHECKING or BINDING == "PyQt6":
    from PyQt6.sip import transferback
else:
    from PyQt5.sip import transferback

__all__ = ["transferback"]
