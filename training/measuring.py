"""Runs methods over composites and scores what they make: ours, classical ones, every distance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from engine.color.depth import to_8_bit
from engine.errors import BadInputError, WeightsError
from training import classical
from training.iharmony import Triple
from training.iharmony_views import (
    FOREGROUND_FROM,
    TriplePixels,
    TripleView,
    read_triple,
    resize_rgb,
    view_triple,
)
from training.metrics import Distance, PictureRecord, Score, score
from training.through_engine import OnePassBackend, Outcome, Way, outcomes

Rgb = NDArray[np.uint8]
MethodRecords = dict[str, list[PictureRecord]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is measured beside our results at 256 x 256.

    classical: classical methods, at full and half strength; full_size: all of it at the pictures'
    own size too; distances: ours at these cutoff distances; lpips: the perceptual distance.
    """

    classical: bool = False
    full_size: bool = False
    distances: tuple[float, ...] = ()
    lpips: Distance | None = None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The records of each method, ours by strength and the classical ones by name.

    full_size: both again at the pictures' own size, empty unless asked for; by_distance: ours by
    cutoff distance.
    """

    ours: MethodRecords
    classical: MethodRecords = field(default_factory=MethodRecords)
    full_size: MethodRecords = field(default_factory=MethodRecords)
    by_distance: dict[float, list[PictureRecord]] = field(
        default_factory=dict[float, list[PictureRecord]]
    )

    @property
    def methods(self) -> MethodRecords:
        """Ours and the classical ones, at 256 x 256."""
        return self.ours | self.classical


def measure(
    triples: Sequence[Triple], way: Way, backend: OnePassBackend, wanted: Wanted | None = None
) -> Evaluation:
    """Measure every triple.

    Raises BadInputError naming a file that cannot be used, WeightsError for weights that give
    what is no number.
    """
    asked = wanted or Wanted()
    found = Evaluation({method_name(strength): [] for strength in way.strengths})
    for triple in tqdm(triples, unit="picture", mininterval=2):
        pixels = read_triple(triple)
        sitting = _Sitting(_judges(triple, pixels, asked), found)
        for name, outcome in _ours(triple, pixels, way, backend):
            sitting.note_ours(name, outcome)
        for name, result in _classical(triple, pixels) if asked.classical else ():
            sitting.note_classical(name, result)
        for distance in asked.distances:
            for _, outcome in _ours(triple, pixels, _at_distance(way, distance), backend):
                sitting.note_distance(distance, outcome)
    return found


@dataclass(frozen=True, slots=True)
class _Sitting:
    """One triple's judges, the one at 256 x 256 first, and where their records go."""

    judges: Sequence[Judge]
    found: Evaluation

    def note_ours(self, name: str, outcome: Outcome) -> None:
        at_256, *at_full_size = [judge.of_ours(outcome) for judge in self.judges]
        self.found.ours[name].append(at_256)
        self.found.full_size.setdefault(name, []).extend(at_full_size)

    def note_classical(self, name: str, result: Rgb) -> None:
        at_256, *at_full_size = [judge.record(result) for judge in self.judges]
        self.found.classical.setdefault(name, []).append(at_256)
        self.found.full_size.setdefault(name, []).extend(at_full_size)

    def note_distance(self, distance: float, outcome: Outcome) -> None:
        records = self.found.by_distance.setdefault(distance, [])
        records.append(self.judges[0].of_ours(outcome))


class Judge:
    """Measures results of one triple, at 256 x 256 or at the pictures' own size."""

    def __init__(
        self, triple: Triple, view: TripleView, share: float, lpips: Distance | None = None
    ) -> None:
        if not view.inside.any():
            raise BadInputError(f"{triple.mask} is empty at 256 x 256: take its line out.")
        self._triple, self._view, self._share, self._lpips = triple, view, share, lpips
        self._composite = self._score(view.composite)

    def of_ours(self, outcome: Outcome) -> PictureRecord:
        """The record of the engine's result."""
        return replace(
            self.record(outcome.pixels),
            strength=outcome.strength,
            confidence=outcome.confidence,
            predicted_change=outcome.predicted_change,
            regions=outcome.regions,
        )

    def record(self, result: Rgb) -> PictureRecord:
        """The record of a result, (H, W, 3) uint8, squeezed to 256 where that is measured."""
        triple = self._triple
        if result.shape != self._view.real.shape:
            result = resize_rgb(result)
        return PictureRecord(
            triple.name, triple.subset, triple.kind, self._share, self._composite,
            self._score(result),
        )  # fmt: skip

    def _score(self, result: Rgb) -> Score:
        found = score(result, self._view.real, self._view.inside)
        if self._lpips is None:
            return found
        return replace(found, lpips=self._lpips(result, self._view.real))


def judge_at_256(triple: Triple, view: TripleView, lpips: Distance | None = None) -> Judge:
    """The judge of the paper's tables. Raises BadInputError for a mask that vanishes."""
    return Judge(triple, view, float(view.inside.mean()), lpips)


def _judges(triple: Triple, pixels: TriplePixels, wanted: Wanted) -> list[Judge]:
    view = view_triple(pixels)
    judges = [judge_at_256(triple, view, wanted.lpips)]
    if wanted.full_size:
        inside = to_8_bit(pixels.mask) >= FOREGROUND_FROM
        own = TripleView(to_8_bit(pixels.composite.pixels), pixels.real, inside)
        judges.append(Judge(triple, own, float(view.inside.mean())))
    return judges


def _ours(
    triple: Triple, pixels: TriplePixels, way: Way, backend: OnePassBackend
) -> Iterator[tuple[str, Outcome]]:
    try:
        found = outcomes(pixels, way, backend)
    except (BadInputError, WeightsError) as error:
        where = f"{triple.composite}, masked by {triple.mask}"
        raise type(error)(f"{where}: {error.sentence}") from error
    for strength, outcome in zip(way.strengths, found, strict=True):
        yield method_name(strength), outcome


def method_name(strength: float | None) -> str:
    """What our results at a strength are called; None is the engine's suggestion."""
    return "as suggested" if strength is None else f"strength {strength:g}"


def _at_distance(way: Way, distance: float) -> Way:
    settings = replace(way.settings, cutoff_distance=distance)
    return replace(way, strengths=way.strengths[:1], settings=settings)


def _classical(triple: Triple, pixels: TriplePixels) -> Iterable[tuple[str, Rgb]]:
    composite, inside = to_8_bit(pixels.composite.pixels), to_8_bit(pixels.mask) >= FOREGROUND_FROM
    if inside.all():
        raise BadInputError(
            f"{triple.mask} covers the whole picture, and classical methods need a background: "
            "take its line out, or leave --classical out."
        )
    for name, method in classical.METHODS.items():
        moved = method(composite, inside)
        yield name, moved
        yield f"{name}, half", classical.half(composite, moved)
