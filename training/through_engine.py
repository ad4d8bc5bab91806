"""Pictures through engine.pipeline, as `frih harmonize` would, at several strengths at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine.color.depth import to_8_bit
from engine.color.picture import Picture
from engine.document import masked_composite
from engine.errors import WeightsError
from engine.network.config import NetworkConfig
from engine.pipeline import (
    Settings,
    change_size,
    find_regions,
    fuse,
    harmonize,
    judge,
    look,
    refine,
)
from engine.runtime.backend import Backend, BaseResult, DeviceReport, Plane
from engine.submask import prepare_colors
from training.iharmony_views import TriplePixels, view_triple


@dataclass(frozen=True, slots=True)
class Way:
    """How pictures are harmonized.

    strengths: None for what the engine suggests; settings: their own strength is not used; paper:
    the picture is squeezed to 256 x 256 and left at that size, which goes with PAPER_SETTINGS;
    otherwise it keeps its own size.
    """

    strengths: tuple[float | None, ...]
    settings: Settings
    paper: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """A result: (H, W, 3) uint8 of the picture's size, or of the view's in `paper`."""

    pixels: NDArray[np.uint8]
    strength: float
    confidence: float | None
    predicted_change: float
    regions: int


class OnePassBackend:
    """A backend that answers what it was asked of one picture a second time from memory.

    With it several strengths cost one network pass. coarse_only: stage 2 changes nothing, so the
    coarse picture is what comes out. Both stages raise WeightsError for what is no number.
    """

    def __init__(self, backend: Backend, *, coarse_only: bool = False) -> None:
        self._backend = backend
        self._coarse_only = coarse_only
        self._asked: tuple[bytes, bytes] | None = None
        self._base: BaseResult | None = None
        self._refined: dict[bytes, Plane] = {}

    @property
    def report(self) -> DeviceReport:
        """What runs where."""
        return self._backend.report

    @property
    def config(self) -> NetworkConfig:
        """The loaded weights' configuration."""
        return self._backend.config

    @property
    def weights_sha256(self) -> str:
        """Hash of the weights file in use."""
        return self._backend.weights_sha256

    def base(self, composite: Plane, mask: Plane) -> BaseResult:
        """Stage 1, see engine.runtime.backend.Backend."""
        asked = composite.tobytes(), mask.tobytes()
        if self._base is None or asked != self._asked:
            self._asked, self._refined = asked, {}
            base = self._backend.base(composite, mask)
            _check_numbers(base.coarse)
            self._base = base
        return self._base

    def refine(self, coarse: Plane, submask: Plane, shared: object) -> Plane:
        """Stage 2 of the picture that base() saw last."""
        if self._coarse_only:
            return np.zeros_like(coarse) if self.config.output == "residual" else coarse
        asked = submask.tobytes()
        if asked not in self._refined:
            refined = self._backend.refine(coarse, submask, shared)
            _check_numbers(refined)
            self._refined[asked] = refined
        return self._refined[asked]


def _check_numbers(predicted: Plane) -> None:
    if not np.isfinite(predicted).all():
        raise WeightsError(
            "these weights give what is no number (NaN or infinite): export them again from an "
            "earlier checkpoint."
        )


def outcomes(pixels: TriplePixels, way: Way, backend: OnePassBackend) -> list[Outcome]:
    """Harmonize a composite at each strength, in order."""
    if way.paper:
        return list(_as_the_paper(pixels, way, backend))
    return list(_as_shipped(pixels, way, backend))


def _as_shipped(pixels: TriplePixels, way: Way, backend: OnePassBackend) -> Iterator[Outcome]:
    document = masked_composite(pixels.composite, pixels.mask)
    for strength in way.strengths:
        found = harmonize(document, replace(way.settings, strength=strength), backend)
        yield Outcome(
            to_8_bit(found.picture.pixels),
            found.strength,
            found.estimate.confidence,
            found.predicted_change,
            found.regions.submasks.count,
        )


def _as_the_paper(pixels: TriplePixels, way: Way, backend: OnePassBackend) -> Iterator[Outcome]:
    """The fused picture itself: at 256 x 256 there is no full resolution to go back to."""
    squeezed = view_triple(pixels)
    mask = np.where(squeezed.inside, np.uint8(255), np.uint8(0))
    view = look(masked_composite(Picture(squeezed.composite), mask), way.settings)
    coarse = backend.base(_planes(view.rgb), view.mask)
    regions = find_regions(prepare_colors(view.rgb, view.inside), way.settings)
    submasks = regions.submasks
    fused = fuse(view, list(refine(view, coarse, submasks, backend)), submasks)
    predicted = change_size(view, fused)
    estimate = judge(view, coarse, backend.weights_sha256)
    for strength in way.strengths:
        used = estimate.strength if strength is None else strength
        result = _mixed(view.rgb, fused, used)
        yield Outcome(result, used, estimate.confidence, predicted, submasks.count)


def _mixed(
    composite: NDArray[np.uint8], fused: NDArray[np.float32], strength: float
) -> NDArray[np.uint8]:
    moved = composite + np.float32(strength) * (fused * np.float32(255) - composite)
    return np.rint(moved).clip(0, 255).astype(np.uint8)


def _planes(rgb: NDArray[np.uint8]) -> Plane:
    return rgb.transpose(2, 0, 1).astype(np.float32, order="C") / np.float32(255)
