"""From a pasted layer to a harmonized one: the paper's overview, one call a step.

composite + foreground mask -> view -> coarse -> submasks -> refined -> fused -> full resolution
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from engine.color.color_change import ColorChange, fit_color_change
from engine.color.picture import Picture, Pixels
from engine.color.profiles import RgbSpace
from engine.color.region_weight import RegionWeight, fit_region_weight
from engine.color.shrink import shrink_mask, shrink_rgb
from engine.color.transfer import Blend, Watch, apply_color_change, never_cancelled
from engine.confidence import UNKNOWN, Estimate, load_confidence, signs_of
from engine.document import Document
from engine.errors import BadInputError, CancelledError
from engine.layer import PlacedLayer, paste_over
from engine.runtime.backend import Backend, BaseResult, Plane
from engine.submask import PreparedColors, Submasks, merge_small_submasks, prepare_colors
from engine.view import CONTEXT, Box, choose_window, whole

DEFAULT_CUTOFF_DISTANCE = 0.1
MIN_AREA = 100
"""Submasks under this many pixels of the view go to their parents; A_min of the paper's loss."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a person can set.

    cutoff_distance: d_c of the submasks; strength: 0 to 1 for everything, None for what the engine
    suggests (see engine.confidence); region_strengths: by region index, 1 where not named;
    min_area: 0 keeps every submask, as the paper does; whole_picture: squeeze the whole picture
    into the view, as the paper does; context: see engine.view; threads: how many work at full size.
    """

    cutoff_distance: float = DEFAULT_CUTOFF_DISTANCE
    strength: float | None = None
    region_strengths: Mapping[int, float] = field(default_factory=dict[int, float])
    min_area: int = MIN_AREA
    whole_picture: bool = False
    context: float = CONTEXT
    threads: int = 2

    def __post_init__(self) -> None:
        for strength in (self.strength, *self.region_strengths.values()):
            if strength is not None and not 0 <= strength <= 1:
                raise BadInputError(f"A strength must lie between 0 and 1, not {strength}.")


PAPER_SETTINGS = Settings(strength=1.0, min_area=0, whole_picture=True)


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
    document has one; estimate: whether it improves on the composite, and the strength suggested
    for that; strength: the one used; predicted_change: mean square (0..255) of the view's change
    at strength 1; timings: seconds by stage.
    """

    picture: Picture
    layer: Picture | None
    view: View
    regions: Regions
    estimate: Estimate
    strength: float
    predicted_change: float
    timings: Mapping[str, float]


def harmonize(
    document: Document,
    settings: Settings,
    backend: Backend,
    is_cancelled: Callable[[], bool] = never_cancelled,
    *,
    overwrite: bool = False,
) -> Harmonization:
    """Harmonize a document's foreground.

    `overwrite` writes the result into the document's own pixels, which saves a picture's memory;
    the document is used up then.
    Raises BadInputError for a region strength without its region, CancelledError when
    `is_cancelled` says so between two steps.
    """
    clock = _Clock(is_cancelled)
    with clock.stage("view"):
        view = look(document, settings)
    with clock.stage("coarse"):
        coarse = harmonize_coarsely(view, backend)
        estimate = judge(view, coarse, backend.weights_sha256)
    with clock.stage("submasks"):
        regions = find_regions(prepare_colors(view.rgb, view.inside), settings)
        strengths = strength_map(regions.submasks, settings.region_strengths)
    with clock.stage("refined"):
        refined = list(refine(view, coarse, regions.submasks, backend, is_cancelled))
    fused = fuse(view, refined, regions.submasks)
    strength = strength_used(settings, estimate)
    with clock.stage("transfer"):
        change = fit_color_change(view.rgb, fused, view.mask, coarse.color_map)
        weight = fit_region_weight(view.rgb, strengths, view.mask)
        transfer = _Transfer(
            view.window, change, weight, strength, settings.threads, is_cancelled, overwrite
        )
        layer, picture = transfer.run(document)
    predicted = change_size(view, fused)
    return Harmonization(
        picture, layer, view, regions, estimate, strength, predicted, clock.timings
    )


def look(document: Document, settings: Settings) -> View:
    """The window about the foreground, shrunk to what the network sees.

    Raises BadInputError for an object that vanishes at that size.
    """
    width, height = document.composite.width, document.composite.height
    window = whole(width, height)
    if not settings.whole_picture:
        window = choose_window(document.foreground_box(), width, height, settings.context)
    mask = shrink_mask(document.mask, window)
    most = float(mask.max())
    if most == 0:
        raise BadInputError(
            "The object is too small for this picture to be seen in the network's 256 x 256 "
            "pixels: cut the picture down to what surrounds it."
        )
    # An object smaller than a pixel of the view still has its most covered pixel.
    inside = mask >= min(128 / 255, most)
    return View(window, shrink_rgb(document.composite.pixels, window, document.space), mask, inside)


def harmonize_coarsely(view: View, backend: Backend) -> BaseResult:
    """Stage 1 on a view."""
    return backend.base(_planes(view.rgb), view.mask)


def judge(view: View, coarse: BaseResult, weights_sha256: str) -> Estimate:
    """Whether the whole change is likely to improve the view, and the strength for that."""
    model = load_confidence(weights_sha256)
    if model is None:
        return UNKNOWN
    return model.estimate(signs_of(view.rgb, view.inside, coarse.coarse))


def strength_used(settings: Settings, estimate: Estimate) -> float:
    """The person's strength where one is set, else the one suggested."""
    return estimate.strength if settings.strength is None else settings.strength


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
    """What stage 2 makes of each submask's pixels, (3, n) float32 each, in order."""
    seen = seen_by_stage_2(view, coarse, backend)
    for label in range(submasks.count):
        if is_cancelled():
            raise CancelledError("Cancelled.")
        yield refine_submask(seen, coarse, submasks.labels == label, backend)


def seen_by_stage_2(view: View, coarse: BaseResult, backend: Backend) -> Plane:
    """The picture that stage 2 looks at, whatever the submask: (3, 256, 256).

    The paper's is the coarse one as a whole; where outputs are residuals, coarse inside the soft
    mask and the composite outside, as in training.
    """
    if backend.config.output != "residual":
        return coarse.coarse
    pasted = _planes(view.rgb)
    pasted += view.mask * (coarse.coarse - pasted)
    return pasted


def refine_submask(
    seen: Plane, coarse: BaseResult, inside: NDArray[np.bool_], backend: Backend
) -> Plane:
    """Stage 2 for one submask, (256, 256) bool: its n pixels refined, (3, n) float32."""
    prediction = backend.refine(seen, inside.astype(np.float32), coarse.shared)[:, inside]
    if backend.config.output != "residual":
        return prediction
    return coarse.coarse[:, inside] + prediction


def fuse(view: View, refined: Sequence[Plane], submasks: Submasks) -> NDArray[np.float32]:
    """Merge the refined submasks: (256, 256, 3) float32 sRGB, clipped to [0, 1].

    Outside all submasks the composite stays.
    """
    fused = _planes(view.rgb)
    for label, pixels in enumerate(refined):
        fused[:, submasks.labels == label] = pixels
    return np.ascontiguousarray(fused.clip(0, 1).transpose(1, 2, 0))


def change_size(view: View, fused: NDArray[np.float32]) -> float:
    """Mean square of the change over the foreground, on 0..255 as fMSE."""
    change = fused[view.inside] * 255 - view.rgb[view.inside]
    return float(np.square(change).mean())


@dataclass(frozen=True, slots=True, eq=False)
class _Transfer:
    """The step from the view to the document's own size."""

    window: Box
    change: ColorChange
    weight: RegionWeight | float
    strength: float
    workers: int
    is_cancelled: Callable[[], bool]
    overwrite: bool

    def run(self, document: Document) -> tuple[Picture | None, Picture]:
        """The changed layer, where there is one, and the changed picture."""
        composite, layer = document.composite, document.layer
        if layer is None:
            return None, self._changed(composite, self.window, document.mask, document.space)
        window = self.window.moved(-layer.left, -layer.top)
        changed = self._changed(layer.picture, window, layer.weight, document.space)
        return changed, self._on_background(composite, layer, changed)

    def _changed(self, picture: Picture, window: Box, mask: Pixels, space: RgbSpace) -> Picture:
        blend = Blend(mask, self.strength, self.weight)
        out = picture.pixels if self.overwrite else None
        watch = Watch(self.is_cancelled)
        return apply_color_change(
            picture, window, self.change, blend, space, out=out, workers=self.workers, watch=watch
        )

    def _on_background(self, composite: Picture, layer: PlacedLayer, changed: Picture) -> Picture:
        pixels = composite.pixels if self.overwrite else composite.pixels.copy()
        picture = Picture(pixels, composite.alpha, composite.icc)
        paste_over(layer, changed.pixels, picture)
        return picture


def strength_map(submasks: Submasks, strengths: Mapping[int, float]) -> NDArray[np.float32]:
    """Each region's own strength, (256, 256) float32; outside all regions it does not count."""
    unknown = [index for index in strengths if not 0 <= index < submasks.count]
    if unknown:
        raise BadInputError(
            f"There is no region {unknown[0]}: this picture has regions 0 to {submasks.count - 1}."
        )
    table = np.ones(submasks.count, np.float32)
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
    def stage(self, name: str) -> Generator[None]:
        if self._is_cancelled():
            raise CancelledError("Cancelled.")
        began = time.perf_counter()
        yield
        self.timings[name] = time.perf_counter() - began
