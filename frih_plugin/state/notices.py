"""The sentences that the panel itself raises, each with the one button that goes with it."""

from __future__ import annotations

from frih_plugin.protocol.messages import (
    BROKEN_REQUEST,
    OUT_OF_MEMORY,
    UNEXPECTED,
    UNKNOWN_LAYER,
    Failure,
)
from frih_plugin.state.values import Notice
from frih_plugin.texts import text

_OURS = (BROKEN_REQUEST, UNKNOWN_LAYER, UNEXPECTED)


def of_failure(failure: Failure, *, can_retry: bool) -> Notice:
    """What to say of work that came to nothing. can_retry: it is not done again by itself."""
    if failure.code == OUT_OF_MEMORY:
        return Notice(
            text("There is not enough memory: close other programs, or use a smaller layer."),
            "retry" if can_retry else "none",
            is_error=True,
        )
    if failure.code in _OURS:
        return Notice(
            text("Something went wrong in FRIH itself, and nothing was changed: see the log."),
            "show_log",
            is_error=True,
        )
    return Notice(failure.sentence, is_error=True)


def engine_lost(*, can_retry: bool) -> Notice:
    """The engine ended while it worked."""
    return Notice(
        text("The engine stopped unexpectedly and is being restarted; nothing was changed."),
        "retry" if can_retry else "none",
        is_error=True,
    )


def engine_failed(sentence: str) -> Notice:
    """The engine cannot be started, or no more."""
    return Notice(sentence, "restart_engine", is_error=True)


def already_fits(name: str) -> Notice:
    """The engine suggested to leave the layer alone."""
    return Notice(
        text(
            "“{name}” already seems to fit; nothing was changed. Raise Strength to change it.",
            name=name,
        )
    )


def document_closed() -> Notice:
    """The document went away under the work."""
    return Notice(text("The document was closed, so the work on it has ended."))


def selection_changed(name: str) -> Notice:
    """Another layer was selected before the pixels of the first had been fetched."""
    return Notice(text("Another layer was selected, so “{name}” was not harmonized.", name=name))


def declined(sentence: str) -> Notice:
    """The host would not do something."""
    return Notice(sentence, is_error=True)
