"""What the engine keeps of an open layer, each thing under a key of what it depends on.

view <- pixels, mask                     made when the layer is opened
coarse <- view                           once, and its half-size version
colours <- view                          once
submasks <- d_c
refined <- the submask's own pixels      so a submask that stays costs nothing
fused, colour change <- all submasks     the strengths need no network
small originals <- scale
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.color.area_average import PictureSource, in_16_bits, shrink_by
from engine.color.color_change import ColorChange, fit_color_change
from engine.color.lying_above import LaidAbove, lay_above
from engine.color.picture import FloatPicture, Picture, Pixels
from engine.color.region_weight import RegionWeight, fit_region_weight
from engine.color.transfer import Blend, Watch, apply_color_change
from engine.confidence import Estimate
from engine.pipeline import (
    Regions,
    Settings,
    View,
    change_size,
    find_regions,
    fuse,
    harmonize_coarsely,
    judge,
    refine_submask,
    seen_by_stage_2,
    strength_map,
    strength_used,
)
from engine.runtime.backend import Backend, BaseResult, Plane, at_half_size
from engine.runtime.cores import usable_cores
from engine.runtime.freed_memory import return_freed_memory
from engine.server.kept import Kept
from engine.server.opened import OpenedLayer
from engine.server.pixels import wire_pixels
from engine.server.watch import JobWatch
from engine.submask import PreparedColors, Submasks, prepare_colors
from engine.view import VIEW_SIZE, Area, Box, whole
from frih_plugin.protocol import pixels as wire
from frih_plugin.protocol.messages import (
    LayerOpened,
    MakePreview,
    Quality,
    Region,
    RegionsFound,
    ResultSettings,
)

_REFINED_BYTES = 32 << 20
"""A whole partition at full size has 768 kB at most, at half size 192 kB."""

_CHANGE_BYTES = 16 << 20
"""One is 1.5 MB, at half size 0.4 MB."""

_SMALL_BYTES = 96 << 20
"""Half of 24 megapixels, in 16 bits with alpha and weight, takes 60 MB."""

_MOST_REGIONS = 64
_MOST_THREADS = 8


@dataclass(frozen=True, slots=True, eq=False)
class Changed:
    """A preview: `after` and the changed pixels, as they go over the wire."""

    after: wire.Pixels
    layer: wire.Pixels | None
    estimate: Estimate


@dataclass(frozen=True, slots=True, eq=False)
class FullResult:
    """The changed target as it goes over the wire, and what a person may want to know."""

    layer: wire.Pixels
    estimate: Estimate
    predicted_change: float
    regions: int


@dataclass(frozen=True, slots=True, eq=False)
class _Stage1:
    """A view of one size with stage 1's result and what stage 2 sees."""

    view: View
    coarse: BaseResult
    seen: Plane


@dataclass(frozen=True, slots=True, eq=False)
class _Prediction:
    """The colour change that the network asks for, and its mean square."""

    change: ColorChange
    predicted: float

    @property
    def nbytes(self) -> int:
        """What keeping it costs."""
        return self.change.gain.nbytes + self.change.offset.nbytes


@dataclass(frozen=True, slots=True, eq=False)
class _Small:
    """The target shrunk by a scale, and where the window then lies."""

    picture: Picture
    weight: Pixels

    @property
    def nbytes(self) -> int:
        """What keeping it costs."""
        alpha = 0 if self.picture.alpha is None else self.picture.alpha.nbytes
        return self.picture.pixels.nbytes + alpha + self.weight.nbytes


class LayerSession:
    """One open layer. All methods raise CancelledError when the watch says so."""

    def __init__(self, opened: OpenedLayer, backend: Backend) -> None:
        self._opened = opened
        self._backend = backend
        self._regions: Kept[float, Regions] = Kept(_MOST_REGIONS)
        self._refined: Kept[tuple[bytes, int], Plane] = Kept(_REFINED_BYTES)
        self._predictions: Kept[tuple[bytes, int], _Prediction] = Kept(_CHANGE_BYTES)
        self._small: Kept[int, _Small] = Kept(_SMALL_BYTES)

    def forget_results(self) -> None:
        """Let go of all that can be computed again."""
        for kept in (self._regions, self._refined, self._predictions, self._small):
            kept.clear()

    def layer_opened(self) -> LayerOpened:
        """The answer to OpenLayer."""
        window = self._opened.view.window
        before = wire_pixels(self._opened.shown.before_srgb(), "rgb")
        return LayerOpened(window.left, window.top, window.width, window.height, before)

    def regions_found(self, cutoff_distance: float, watch: JobWatch) -> RegionsFound:
        """The answer to FindRegions."""
        regions = self._regions_at(cutoff_distance, watch)
        submasks = regions.submasks
        # -1, outside, becomes 255.
        labels = wire_pixels(submasks.labels.view(np.uint8), "gray")
        return RegionsFound(labels, tuple(_described(submasks)), regions.count_before_merging)

    def preview(self, request: MakePreview, watch: JobWatch) -> Changed:
        """The small pictures that MakePreview asks for."""
        settings, regions, prediction = self._predicted(request.settings, request.quality, watch)
        with watch.stage("transfer"):
            blend = self._blending(settings, regions.submasks)
            after = self._after(request.quality, prediction, blend)
            layer = self._shrunk_result(request.scale, prediction, blend, watch)
        return Changed(after, layer, self._estimate)

    def harmonized(
        self, asked: ResultSettings, watch: JobWatch, *, covers: bool = False
    ) -> FullResult:
        """The target at full size. covers: see Harmonize."""
        settings, regions, prediction = self._predicted(asked, "rest", watch)
        with watch.stage("transfer"):
            blend = self._blending(settings, regions.submasks)
            layer = self._full_result(prediction, blend, watch, covers=covers)
        return FullResult(layer, self._estimate, prediction.predicted, regions.submasks.count)

    def _predicted(
        self, asked: ResultSettings, quality: Quality, watch: JobWatch
    ) -> tuple[Settings, Regions, _Prediction]:
        settings = _settings(asked)
        stage_1 = self._stage_1(quality, watch)
        regions = self._regions_at(settings.cutoff_distance, watch)
        submasks = _at_size(regions.submasks, stage_1.view)
        key = _digest(submasks.labels), len(submasks.labels)
        prediction = self._predictions.get(key)
        if prediction is None:
            prediction = self._predict(stage_1, submasks, watch)
            self._predictions.keep(key, prediction, prediction.nbytes)
        return settings, regions, prediction

    def _stage_1(self, quality: Quality, watch: JobWatch) -> _Stage1:
        with watch.stage("coarse"):
            return self._full_stage_1 if quality == "rest" else self._half_stage_1

    @cached_property
    def _full_stage_1(self) -> _Stage1:
        view = self._opened.view
        coarse = harmonize_coarsely(view, self._backend)
        return _Stage1(view, coarse, seen_by_stage_2(view, coarse, self._backend))

    @cached_property
    def _estimate(self) -> Estimate:
        return judge(self._opened.view, self._full_stage_1.coarse, self._backend.weights_sha256)

    @cached_property
    def _half_stage_1(self) -> _Stage1:
        full = self._full_stage_1
        view, coarse = _halved(full.view), at_half_size(full.coarse)
        return _Stage1(view, coarse, seen_by_stage_2(view, coarse, self._backend))

    @cached_property
    def _colors(self) -> PreparedColors:
        return prepare_colors(self._opened.view.rgb, self._opened.view.inside)

    def _regions_at(self, cutoff_distance: float, watch: JobWatch) -> Regions:
        regions = self._regions.get(cutoff_distance)
        if regions is None:
            with watch.stage("submasks"):
                settings = Settings(cutoff_distance=cutoff_distance)
                regions = find_regions(self._colors, settings)
            self._regions.keep(cutoff_distance, regions)
        return regions

    def _predict(self, stage_1: _Stage1, submasks: Submasks, watch: JobWatch) -> _Prediction:
        view = stage_1.view
        with watch.stage("refined"):
            refined: list[Plane] = []
            for label in range(submasks.count):
                watch.check()
                refined.append(self._refined_submask(stage_1, submasks.labels == label))
                watch.advanced((label + 1) / submasks.count)
            fused = fuse(view, refined, submasks)
            predicted = change_size(view, fused)
        watch.check()
        with watch.stage("transfer"):
            change = fit_color_change(view.rgb, fused, view.mask, stage_1.coarse.color_map)
        return _Prediction(change, predicted)

    def _refined_submask(self, stage_1: _Stage1, inside: NDArray[np.bool_]) -> Plane:
        key = _digest(np.packbits(inside)), len(inside)
        pixels = self._refined.get(key)
        if pixels is None:
            pixels = _nothing() if not inside.any() else self._refine(stage_1, inside)
            self._refined.keep(key, pixels, pixels.nbytes)
        return pixels

    def _refine(self, stage_1: _Stage1, inside: NDArray[np.bool_]) -> Plane:
        return refine_submask(stage_1.seen, stage_1.coarse, inside, self._backend)

    def _blending(self, settings: Settings, submasks: Submasks) -> _Blending:
        view = self._opened.view
        strengths = strength_map(submasks, settings.region_strengths)
        weight = fit_region_weight(view.rgb, strengths, view.mask)
        strength = strength_used(settings, self._estimate)
        return _Blending(strength, weight, settings.threads)

    def _changed(
        self, small: _Small, window: Area, prediction: _Prediction, blending: _Blending
    ) -> Picture:
        blend = Blend(small.weight, blending.strength, blending.regions)
        return apply_color_change(
            small.picture, window, prediction.change, blend, self._opened.space,
            workers=blending.threads,
        )  # fmt: skip

    def _after(self, quality: Quality, prediction: _Prediction, blending: _Blending) -> wire.Pixels:
        shown = self._opened.shown
        level = shown.levels[quality]
        window = whole(level.target.width, level.target.height)
        small = _Small(level.target, level.weight)
        changed = self._changed(small, window, prediction, blending)
        return wire_pixels(shown.after_srgb(level, changed), "rgb")

    def _shrunk_result(
        self, scale: int | None, prediction: _Prediction, blending: _Blending, watch: JobWatch
    ) -> wire.Pixels | None:
        if scale is None:
            return None
        if scale == 1:
            return self._full_result(prediction, blending, watch)
        small = self._small.get(scale)
        if small is None:
            small = self._shrunk(scale)
            self._small.keep(scale, small, small.nbytes)
        window = self._opened.window.shrunk(scale)
        return self._opened.form.small(self._changed(small, window, prediction, blending))

    def _shrunk(self, scale: int) -> _Small:
        """Shrunk from the smallest of the larger ones that are at hand."""
        opened = self._opened
        finer = (1 << power for power in reversed(range(1, scale.bit_length() - 1)))
        for other in finer:
            small = self._small.get(other)
            if small is not None:
                return _averaged(small.picture, small.weight, scale // other)
        return _averaged(opened.target, opened.weight, scale)

    def _full_result(
        self,
        prediction: _Prediction,
        blending: _Blending,
        watch: JobWatch,
        *,
        covers: bool | None = None,
    ) -> wire.Pixels:
        """covers: see Harmonize; None for the changed target as it is, whatever its placing."""
        opened, exact, alpha = self._opened, self._opened.exact, None
        samples = opened.form.empty()
        blend = Blend(opened.weight, blending.strength, blending.regions)
        how = opened.window, prediction.change, blend, opened.space
        watched, workers = Watch(watch.is_cancelled, watch.advanced), blending.threads
        if isinstance(exact, FloatPicture):
            changed = apply_color_change(exact, *how, workers=workers, watch=watched)
        else:
            out = opened.form.color_of(samples)
            changed = apply_color_change(exact, *how, out=out, workers=workers, watch=watched)
        if opened.ground is not None and covers is not None:
            alpha = np.empty_like(changed.pixels[..., 0])
            layer = LaidAbove(exact, changed.pixels, alpha, opened.ground, covers)
            lay_above(layer, workers=workers, is_cancelled=watch.is_cancelled)
        return opened.form.pixels(samples, changed.pixels, alpha)


@dataclass(frozen=True, slots=True, eq=False)
class _Blending:
    strength: float
    regions: RegionWeight | float
    threads: int


def warm_up(backend: Backend) -> None:
    """Run everything once on a small picture, so that nothing has to be loaded later."""
    view = View(
        Box(0, 0, VIEW_SIZE, VIEW_SIZE),
        np.zeros((VIEW_SIZE, VIEW_SIZE, 3), np.uint8),
        np.ones((VIEW_SIZE, VIEW_SIZE), np.float32),
        np.ones((VIEW_SIZE, VIEW_SIZE), np.bool_),
    )
    coarse = harmonize_coarsely(view, backend)
    for stage_1 in (coarse, at_half_size(coarse)):
        inside = np.ones(stage_1.coarse.shape[1:], np.bool_)
        refine_submask(stage_1.coarse, stage_1, inside, backend)
    return_freed_memory()


def _settings(asked: ResultSettings) -> Settings:
    strengths: Mapping[int, float] = {r.index: r.strength for r in asked.regions}
    threads = min(usable_cores(), _MOST_THREADS)
    return Settings(
        cutoff_distance=asked.cutoff_distance,
        strength=asked.strength,
        region_strengths=strengths,
        threads=threads,
    )


def _averaged(picture: Picture, weight: Pixels, scale: int) -> _Small:
    average = shrink_by(PictureSource(picture, weight), scale)
    return _Small(average.in_16_bits(picture.icc), in_16_bits(average.weight))


def _halved(view: View) -> View:
    rgb = np.asarray(Image.fromarray(view.rgb).reduce(2))
    half = VIEW_SIZE // 2
    mask = view.mask.reshape(half, 2, half, 2).mean((1, 3), dtype=np.float32)
    return View(view.window, rgb, mask, view.inside[::2, ::2])


def _at_size(submasks: Submasks, view: View) -> Submasks:
    if view.rgb.shape[:2] == submasks.labels.shape:
        return submasks
    return replace(submasks, labels=np.ascontiguousarray(submasks.labels[::2, ::2]))


def _described(submasks: Submasks) -> list[Region]:
    colors: list[list[int]] = submasks.centers.tolist()
    areas: list[int] = submasks.areas.tolist()
    return [
        Region(index, red, green, blue, area)
        for index, ((red, green, blue), area) in enumerate(zip(colors, areas, strict=True))
    ]


def _nothing() -> Plane:
    return np.zeros((3, 0), np.float32)


def _digest(array: NDArray[np.generic]) -> bytes:
    return blake2b(np.ascontiguousarray(array).data, digest_size=16).digest()
