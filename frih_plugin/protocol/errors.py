"""What goes wrong on the wire, before any message is understood."""

from __future__ import annotations


class ProtocolError(Exception):
    """A frame or message that breaks the rules; its text is one sentence."""
