"""From a pasted layer to a harmonized one: the paper's overview, one call a step.

    composite + foreground mask -> view -> coarse -> submasks -> refined -> fused -> full resolution
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from engine.color.color_change import ColorChange, fit_color_change, fit_radius
from engine.color.picture import Picture
from engine.color.region_weight import RegionWeight, fit_region_weight
from engine.color.shrink import shrink_mask, shrink_rgb
from engine.color.transfer import Blend, apply_color_change
from engine.document import Document, with_layer
from engine.errors import BadInputError, CancelledError
from engine.runtime.backend import Backend, BaseResult, Plane
from engine.submask import PreparedColors, Submasks, merge_small_submasks, prepare_colors
from engine.view import Box, choose_window, whole

DEFAULT_CUTOFF_DISTANCE = 0.1
DEFAULT_STRENGTH = 1.0
MIN_AREA = 100
"""Submasks under this many pixels of the view go to their parents; A_min of the paper's loss."""

HARMONIOUS_BELOW = 0.0
"""Predicted changes of a smaller mean square (0..255) than this are not worth making."""


def never_cancelled() -> bool:
    """The `is_cancelled` of jobs that nobody can cancel."""
    return False


@dataclass(frozen=True, slots=True)
class Settings:
    """What a person can set.

    cutoff_distance: d_c of the submasks; strength: 0 to 1 for everything; region_strengths: by
    region index, 1 where not named; min_area: 0 keeps every submask, as the paper does;
    whole_picture: squeeze the whole picture into the view, as the paper does.
    """

    cutoff_distance: float = DEFAULT_CUTOFF_DISTANCE
    strength: float = DEFAULT_STRENGTH
    region_strengths: Mapping[int, float] = field(default_factory=dict[int, float])
    min_area: int = MIN_AREA
    whole_picture: bool = False
    harmonious_below: float = HARMONIOUS_BELOW

    def __post_init__(self) -> None:
        for strength in (self.strength, *self.region_strengths.values()):
            if not 0 <= strength <= 1:
                raise BadInputError(f"A strength must lie between 0 and 1, not {strength}.")


PAPER_SETTINGS = Settings(min_area=0, whole_picture=True, harmonious_below=0.0)


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """What the network sees of a document.

    window: the box of the picture; rgb: (256, 256, 3) uint8 sRGB; mask: (256, 256) float32 soft;
    inside: (256, 256) bool, the foreground mask of submasks and statistics.
    """

    window: Box
    rgb: NDArray[np.uint8]
    mask: NDArray[np.float32]
    inside: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Regions:
    """The submasks in use, and how many there were before small ones were given away."""

    submasks: Submasks
    count_before_merging: int


@dataclass(frozen=True, slots=True, eq=False)
class Harmonization:
    """The result: the document's picture harmonized, and what a person may want to know of it.

    picture: of the document's size, depth and profile; layer: the changed layer where the
    document has one; harmonious: nothing needed changing, and nothing was changed;
    timings: seconds by stage.
    """

    picture: Picture
    layer: Picture | None
    view: View
    regions: Regions
    harmonious: bool
    predicted_change: float
    timings: Mapping[str, float]


def harmonize(
    document: Document,
    background: Picture,
    settings: Settings,
    backend: Backend,
    is_cancelled: Callable[[], bool] = never_cancelled,
) -> Harmonization:
    """Harmonize a document's foreground.

    background: the picture below the layer, or the composite itself where there is no layer.
    Raises BadInputError for a region strength without its region, CancelledError when
    `is_cancelled` says so between two steps.
    """
    clock = _Clock(is_cancelled)
    with clock.stage("view"):
        view = look(document, whole_picture=settings.whole_picture)
    with clock.stage("coarse"):
        coarse = backend.base(_planes(view.rgb), view.mask)
    with clock.stage("submasks"):
        regions = find_regions(prepare_colors(view.rgb, view.inside), settings)
        strengths = _strength_map(regions.submasks, settings.region_strengths)
    with clock.stage("refined"):
        refined = list(refine(view, coarse, regions.submasks, backend, is_cancelled))
    fused = fuse(view, refined, regions.submasks)
    predicted = change_size(view, fused)
    harmonious = predicted < settings.harmonious_below
    with clock.stage("transfer"):
        change = fit_color_change(
            view.rgb, fused, view.mask, coarse.color_map, fit_radius(view.window)
        )
        weight = fit_region_weight(view.rgb, strengths, view.mask)
        strength = 0.0 if harmonious else settings.strength
        layer, picture = _apply(document, background, view.window, change, strength, weight)
    return Harmonization(picture, layer, view, regions, harmonious, predicted, clock.timings)


def look(document: Document, *, whole_picture: bool = False) -> View:
    """The window about the foreground, shrunk to what the network sees."""
    width, height = document.composite.width, document.composite.height
    foreground = document.foreground_box()
    window = whole(width, height) if whole_picture else choose_window(foreground, width, height)
    mask = shrink_mask(document.mask, window)
    # An object smaller than a pixel of the view still has its most covered pixel.
    inside = mask >= min(128 / 255, float(mask.max()))
    return View(window, shrink_rgb(document.composite.pixels, window, document.space), mask, inside)


def find_regions(colors: PreparedColors, settings: Settings) -> Regions:
    """Submasks at the settings' cutoff distance, small ones given to their parents."""
    submasks = colors.submasks(settings.cutoff_distance)
    return Regions(merge_small_submasks(submasks, settings.min_area), submasks.count)


def refine(
    view: View,
    coarse: BaseResult,
    submasks: Submasks,
    backend: Backend,
    is_cancelled: Callable[[], bool] = never_cancelled,
) -> Iterator[Plane]:
    """One refined picture (3, 256, 256) for each submask, in order."""
    residual = backend.config.output == "residual"
    composite = _planes(view.rgb)
    seen = composite + view.mask * (coarse.coarse - composite) if residual else coarse.coarse
    for label in range(submasks.count):
        if is_cancelled():
            raise CancelledError("Cancelled.")
        submask = (submasks.labels == label).astype(np.float32)
        prediction = backend.refine(seen, submask, coarse.shared)
        yield coarse.coarse + prediction if residual else prediction


def fuse(view: View, refined: list[Plane], submasks: Submasks) -> NDArray[np.float32]:
    """Merge the refined pictures by submask: (256, 256, 3) float32 sRGB, clipped to [0, 1].

    Outside all submasks the composite stays.
    """
    fused = _planes(view.rgb)
    for label, picture in enumerate(refined):
        inside = submasks.labels == label
        fused[:, inside] = picture[:, inside]
    return np.ascontiguousarray(fused.clip(0, 1).transpose(1, 2, 0))


def change_size(view: View, fused: NDArray[np.float32]) -> float:
    """Mean square of the change over the foreground, on 0..255 as fMSE."""
    change = fused[view.inside] * 255 - view.rgb[view.inside]
    return float(np.square(change).mean())


def _apply(
    document: Document,
    background: Picture,
    window: Box,
    change: ColorChange,
    strength: float,
    weight: RegionWeight | float,
) -> tuple[Picture | None, Picture]:
    placed = document.layer
    if placed is None:
        blend = Blend(document.mask, strength, weight)
        return None, apply_color_change(
            document.composite, window, change, blend, document.space
        )
    own = Box(
        window.left - placed.left,
        window.top - placed.top,
        window.right - placed.left,
        window.bottom - placed.top,
    )
    blend = Blend(placed.weight, strength, weight)
    layer = apply_color_change(placed.picture, own, change, blend, document.space)
    return layer, with_layer(document, background, layer.pixels)


def _strength_map(submasks: Submasks, strengths: Mapping[int, float]) -> NDArray[np.float32]:
    """(256, 256) float32: each region's own strength."""
    unknown = [index for index in strengths if not 0 <= index < submasks.count]
    if unknown:
        raise BadInputError(
            f"There is no region {unknown[0]}: this picture has regions 0 to {submasks.count - 1}."
        )
    table = np.ones(submasks.count + 1, np.float32)
    for index, strength in strengths.items():
        table[index] = strength
    return table[submasks.labels]


def _planes(rgb: NDArray[np.uint8]) -> Plane:
    return rgb.transpose(2, 0, 1).astype(np.float32, order="C") / np.float32(255)


class _Clock:
    """Times the stages and looks for a cancel before each."""

    def __init__(self, is_cancelled: Callable[[], bool]) -> None:
        self.timings: dict[str, float] = {}
        self._is_cancelled = is_cancelled

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        if self._is_cancelled():
            raise CancelledError("Cancelled.")
        began = time.perf_counter()
        yield
        self.timings[name] = time.perf_counter() - began
