"""What the engine is doing, in words."""

from __future__ import annotations

from frih_plugin.texts import text


def stage_words(stage: str) -> str:
    """One short line for a stage of the protocol; a stage that is not known is just work."""
    words = {
        "open": text("Reading the layer…"),
        "view": text("Looking at the picture…"),
        "coarse": text("Matching the whole…"),
        "submasks": text("Finding regions…"),
        "refined": text("Matching each region…"),
        "transfer": text("Bringing it to full size…"),
    }
    return words.get(stage, text("Working…"))
