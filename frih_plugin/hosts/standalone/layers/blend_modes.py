"""What the blend modes are called."""

from __future__ import annotations

from frih_plugin.hosts.standalone.document import BlendMode
from frih_plugin.texts import text


def mode_name(mode: BlendMode) -> str:
    """The mode's name as image editors have it."""
    names = {
        BlendMode.NORMAL: text("Normal"),
        BlendMode.MULTIPLY: text("Multiply"),
        BlendMode.SCREEN: text("Screen"),
        BlendMode.OVERLAY: text("Overlay"),
        BlendMode.DARKEN: text("Darken"),
        BlendMode.LIGHTEN: text("Lighten"),
        BlendMode.COLOR_DODGE: text("Color dodge"),
        BlendMode.COLOR_BURN: text("Color burn"),
        BlendMode.HARD_LIGHT: text("Hard light"),
        BlendMode.SOFT_LIGHT: text("Soft light"),
        BlendMode.DIFFERENCE: text("Difference"),
        BlendMode.HUE: text("Hue"),
        BlendMode.SATURATION: text("Saturation"),
        BlendMode.COLOR: text("Color"),
        BlendMode.LUMINOSITY: text("Luminosity"),
    }
    return names[mode]
