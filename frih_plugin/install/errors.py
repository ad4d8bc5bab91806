"""What can go wrong while installing."""

from __future__ import annotations


class InstallError(Exception):
    """The text is one sentence for the person, in their language, that says what to do."""


class StoppedError(Exception):
    """The person cancelled; nothing is wrong."""
