"""What the installer does, in words."""

from __future__ import annotations

from frih_plugin.install.plan import Stage
from frih_plugin.install.release import Release
from frih_plugin.texts import text


def install_stage_words(stage: Stage) -> str:
    """What is going on."""
    return {
        "check": text("Checking disk and folder…"),
        "python": text("Looking for a Python…"),
        "environment": text("Making room for the engine…"),
        "download": text("Downloading libraries…"),
        "libraries": text("Installing libraries…"),
        "engine": text("Installing the engine…"),
        "try": text("Trying the engine…"),
        "end": text("Finishing…"),
    }[stage]


def told_before(release: Release) -> str:
    """What the person should know before they press the button."""
    return text(
        "FRIH Harmonize does its work in a small program of its own, the engine. Installing it "
        "downloads about {download} MB once and takes {disk} MB on this computer. Later it works "
        "offline.",
        download=release.download_mb,
        disk=release.installed_mb,
    )
