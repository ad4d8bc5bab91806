"""Draws the regions over the picture, with a legend of their numbers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from engine.cli.region_colors import overlay_colors
from engine.color.depth import luma
from engine.color.picture import Picture
from engine.color.profiles import RgbSpace, view_rgb8
from engine.submask import Submasks

MAX_SIDE_PX = 2000
OPACITY = 0.55
DIMMED = 0.6
"""How much of the picture's brightness stays outside the regions."""

LEGEND_HEIGHT_PX = 48
_SWATCH_PX, _ENTRY_PX, _MARGIN_PX, _FONT_PX = 28, 150, 10, 22
_PAPER, _INK = (255, 255, 255), (40, 40, 40)


def region_overlay(
    picture: Picture, space: RgbSpace, labels: NDArray[np.uint8], submasks: Submasks
) -> NDArray[np.uint8]:
    """The picture, at most 2000 px a side, with its regions coloured and a legend below.

    labels: (H, W) uint8 of the picture's size, 255 outside the regions.
    Returns (h, w, 3) uint8 sRGB. Each legend entry is a region's number, as --region-strength
    takes it, and its share of the foreground.
    """
    step = -(-max(picture.width, picture.height) // MAX_SIDE_PX)
    # Every step-th pixel, not an average: a colour between two regions would mean neither.
    shown = view_rgb8(np.ascontiguousarray(picture.pixels[::step, ::step]), space)
    colored = _colored(shown, labels[::step, ::step], submasks.count)
    return np.vstack([colored, _legend(submasks, colored.shape[1])])


def _colored(shown: NDArray[np.uint8], labels: NDArray[np.uint8], count: int) -> NDArray[np.uint8]:
    # Grey below the colours keeps their hue; outside (255, cut down to `count`) the picture stays.
    colors = np.array([*overlay_colors(count), (0, 0, 0)], np.float32)
    opacity = np.array([*[OPACITY] * count, 1 - DIMMED], np.float32)
    entry = np.minimum(labels, count)
    share = opacity[entry][..., None]
    below = np.where((entry < count)[..., None], luma(shown)[..., None], shown)
    mixed = below + share * (colors[entry] - below)
    return np.rint(mixed).astype(np.uint8)


def _legend(submasks: Submasks, width_px: int) -> NDArray[np.uint8]:
    per_row = max(1, (width_px - _MARGIN_PX) // _ENTRY_PX)
    rows = max(1, -(-submasks.count // per_row))
    sheet = Image.new("RGB", (width_px, rows * LEGEND_HEIGHT_PX), _PAPER)
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(_FONT_PX)
    shares = submasks.areas / max(1, int(submasks.areas.sum()))
    for index, color in enumerate(overlay_colors(submasks.count)):
        row, column = divmod(index, per_row)
        left = _MARGIN_PX + column * _ENTRY_PX
        middle = row * LEGEND_HEIGHT_PX + LEGEND_HEIGHT_PX // 2
        top = middle - _SWATCH_PX // 2
        draw.rectangle((left, top, left + _SWATCH_PX, top + _SWATCH_PX), fill=color)
        caption = f"{index}: {shares[index]:.0%}"
        draw.text((left + _SWATCH_PX + 8, middle), caption, fill=_INK, font=font, anchor="lm")
    return np.asarray(sheet)
