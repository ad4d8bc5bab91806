"""A bundled example as the panel would show it: thumbnail, window before and after, regions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.cli.examples import example_source
from engine.cli.opened import open_source
from engine.color.picture import Picture
from engine.color.profiles import rgb_space, view_rgb8
from engine.files import read_picture
from engine.pipeline import Harmonization, Settings, harmonize
from engine.runtime.backend import open_backend
from frih_plugin.protocol.messages import PREVIEW_SIDE
from frih_plugin.protocol.pixels import Order, Pixels
from frih_plugin.state.values import Pictures, RegionMap, RegionView

_THUMBNAIL_SIDE = 96


@dataclass(frozen=True, slots=True)
class ExamplePose:
    """What a PanelState would hold after a click on Harmonize."""

    thumbnail: Pixels
    pictures: Pictures
    regions: RegionMap


def pose_example(name: str, cutoff_distance: float = 0.1) -> ExamplePose:
    """Run the engine on an example. Raises FrihError where weights or pictures are missing."""
    opened = open_source(example_source(name))
    before = opened.document.composite
    result = harmonize(opened.document, Settings(cutoff_distance=cutoff_distance), open_backend())
    return ExamplePose(
        thumbnail=_thumbnail(name),
        pictures=Pictures(_window(before, result), _window(result.picture, result)),
        regions=_regions(result),
    )


def _window(picture: Picture, result: Harmonization) -> Pixels:
    box = result.view.window
    cut = picture.pixels[box.top : box.bottom, box.left : box.right]
    shown = Image.fromarray(view_rgb8(np.ascontiguousarray(cut), rgb_space(picture.icc)))
    shown.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE), Image.Resampling.LANCZOS)
    return _pixels(np.asarray(shown), "rgb")


def _thumbnail(name: str) -> Pixels:
    layer = read_picture(example_source(name).layer).picture
    alpha = np.full(layer.pixels.shape[:2], 255, np.uint8) if layer.alpha is None else layer.alpha
    shown = Image.fromarray(np.dstack([view_rgb8(layer.pixels, rgb_space(layer.icc)), alpha]))
    shown.thumbnail((_THUMBNAIL_SIDE, _THUMBNAIL_SIDE))
    return _pixels(np.asarray(shown), "rgba")


def _regions(result: Harmonization) -> RegionMap:
    submasks = result.regions.submasks
    total = int(submasks.areas.sum())
    views = [
        RegionView(index, (int(color[0]), int(color[1]), int(color[2])), int(area) / total)
        for index, (color, area) in enumerate(zip(submasks.centers, submasks.areas, strict=True))
    ]
    return RegionMap(submasks.labels.tobytes(), tuple(views))


def _pixels(array: NDArray[np.uint8], order: Order) -> Pixels:
    height, width = array.shape[:2]
    return Pixels(width, height, order, "u8", np.ascontiguousarray(array).tobytes())
