"""How the engine is, in words."""

from __future__ import annotations

from frih_plugin.state.values import EnginePhase
from frih_plugin.texts import text


def phase_words(phase: EnginePhase) -> str:
    """A few words, without a full stop."""
    return {
        "starting": text("Engine is starting…"),
        "ready": text("Engine ready"),
        "busy": text("Engine at work"),
        "failed": text("Engine not running"),
        "restarting": text("Engine is restarting…"),
    }[phase]
