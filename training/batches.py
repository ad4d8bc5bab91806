"""Endless numbered batches for the loop, made in loader processes; here those of photographs."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import IterableDataset, get_worker_info

from engine.errors import BadInputError, FrihError
from engine.submask import merge_small_submasks, prepare_colors, squared_limit
from training.cutouts import CutoutConfig, draw_cutout
from training.degrade import DegradeConfig, draw_degraded
from training.foregrounds import ForegroundConfig, View, draw_view
from training.limits import within
from training.photo_folder import Split
from training.photos import PhotoStore, open_store
from training.synthesis import SynthesisConfig, synthesize

SOURCE_FACTORS = {
    "coco_by": 6.0,
    "coco_by2": 4.0,
    "coco_by3": 4.0,
    "openimages_street": 3.0,
    "openimages2": 3.0,
    "cid22_ccbysa": 1.5,
    "howtocook_pd": 0.6,
    "flowers_ccby": 0.3,
    "trashnet_mit": 0.2,
    "clothing_cc0": 0.1,
}
"""Sources whose objects resemble their surroundings, as in iHarmony4, count more."""


@dataclass(frozen=True, slots=True)
class Batch:
    """One training batch.

    composite, real: (B, 3, S, S) uint8; mask: (B, 1, S, S) uint8 soft;
    labels: (B, S, S) int8 submask of each pixel, -1 outside, or None for stage 1 alone;
    names: of the composites, where they have some.
    """

    composite: Tensor
    real: Tensor
    mask: Tensor
    labels: Tensor | None
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BatchConfig:
    """What a loader needs to make batches."""

    size: int = 256
    batch: int = 16
    submasks: bool = True
    cutoff_distances: tuple[float, ...] = (0.1,)
    """One is drawn a sample, so that the granularity slider works with one set of weights."""
    min_area: int = 100
    """Submasks under this area in pixels at 256 x 256 go to their parents; 0 keeps them all."""
    boolean_mask: bool = False
    """Cut the mask at one half for the network too, as the paper does."""
    share_alike: bool = True
    """False leaves the photographs under ShareAlike licences out."""
    equal_sources: bool = False
    """Leave SOURCE_FACTORS out of the chances of photographs."""
    foregrounds: ForegroundConfig = field(default_factory=ForegroundConfig)
    cutouts: CutoutConfig = field(default_factory=CutoutConfig)
    degrade: DegradeConfig = field(default_factory=DegradeConfig)
    synthesis: SynthesisConfig = field(default_factory=SynthesisConfig)

    def __post_init__(self) -> None:
        within("batches.size", self.size, 128, 1024)
        within("batches.batch", self.batch, 1, 4096)
        within("batches.min_area", self.min_area, 0)
        if self.size % 128:
            raise ValueError("batches.size is halved seven times: give a multiple of 128.")
        if not self.cutoff_distances:
            raise ValueError("batches.cutoff_distances needs at least one distance.")
        for distance in self.cutoff_distances:
            squared_limit(distance)


class NumberedBatches(IterableDataset[Batch | FrihError], ABC):
    """Batches from `first` on without end, the same ones with any number of loader processes.

    stride: from one batch's number to the next one's; where several ranks share the numbers, their
    count.

    An error is the last thing that it gives: raised in a loader process, its sentence would be lost
    in torch's account of that process.
    """

    def __init__(self, config: BatchConfig, seed: int, first: int) -> None:
        super().__init__()
        self.config = config
        self.seed = seed
        self.first = first
        self.stride = 1

    def __iter__(self) -> Iterator[Batch | FrihError]:
        start, stride = self.first, self.stride
        worker = get_worker_info()
        if worker is not None:
            torch.set_num_threads(1)
            start, stride = start + worker.id * stride, stride * worker.num_workers
        try:
            make = self.maker()
            for number in count(start, stride):
                yield make(number)
        except FrihError as error:
            yield error

    @abstractmethod
    def maker(self) -> Callable[[int], Batch]:
        """Open the data in this process; the seed and a batch's number fix its every draw."""


class CompositeBatches(NumberedBatches):
    """Batches of composites synthesized from photographs."""

    def __init__(
        self, photos: Path, cache: Path, config: BatchConfig, seed: int, first: int = 0
    ) -> None:
        super().__init__(config, seed, first)
        self.split: Split = "train"
        self._where = (photos, cache)

    def maker(self) -> Callable[[int], Batch]:
        """Map the cache, filled before if need be. Raises BadInputError."""
        photos, cache = self._where
        store = open_store(photos, self.split, cache)
        c = self.config
        weights = source_weights(store, share_alike=c.share_alike, equal=c.equal_sources)

        def make(number: int) -> Batch:
            draw = np.random.default_rng((self.seed, number))
            rng = torch.Generator().manual_seed(int(draw.integers(2**62)))
            views = _draw_views(store, weights, self.config, draw)
            return make_batch(views, self.config, draw, rng)

        return make


def source_weights(
    store: PhotoStore, *, share_alike: bool, equal: bool = False
) -> NDArray[np.float64]:
    """The chance of each photograph of a store. Raises BadInputError when none is left."""
    return photo_weights(store.entries, share_alike=share_alike, equal=equal)


class SourcedPhoto(Protocol):
    """What a photograph's chance depends on."""

    @property
    def source(self) -> str:
        """The part of the collection that it came with."""
        ...

    @property
    def share_alike(self) -> bool:
        """Whether it is under a ShareAlike licence."""
        ...


def photo_weights(
    photos: Sequence[SourcedPhoto], *, share_alike: bool, equal: bool = False
) -> NDArray[np.float64]:
    """The chance of each photograph: its source's factor over the root of the source's size.

    equal: every factor is 1.
    Raises BadInputError when no photograph is left.
    """
    sizes = Counter(photo.source for photo in photos)
    factors = {} if equal else SOURCE_FACTORS
    weights = np.array(
        [
            factors.get(photo.source, 1.0) / sizes[photo.source] ** 0.5
            if share_alike or not photo.share_alike
            else 0.0
            for photo in photos
        ]
    )
    if not weights.any():
        raise BadInputError("No photograph is left to train on: give more, or allow ShareAlike.")
    return weights / weights.sum()


def _draw_views(
    store: PhotoStore, weights: NDArray[np.float64], config: BatchConfig, draw: np.random.Generator
) -> list[View]:
    views: list[View] = []
    while len(views) < config.batch:
        photo = store[int(draw.choice(len(store), p=weights))]
        view = draw_view(photo, config.size, config.foregrounds, draw)
        if view is not None:
            views.append(_as_users_make_it(view, config, draw))
    return views


def _as_users_make_it(view: View, config: BatchConfig, draw: np.random.Generator) -> View:
    opacity, mask = draw_cutout(view.mask, config.cutouts, draw)
    return View(draw_degraded(view.real, opacity, config.degrade, draw), opacity, mask)


def make_batch(
    views: list[View], config: BatchConfig, draw: np.random.Generator, rng: torch.Generator
) -> Batch:
    """Recolour the views' foregrounds and cut them into submasks."""
    photos = torch.as_tensor(np.stack([v.real for v in views])).permute(0, 3, 1, 2)
    opacity = torch.as_tensor(np.stack([v.opacity for v in views]))[:, None]
    mask = torch.as_tensor(np.stack([v.mask for v in views]))[:, None]
    if config.boolean_mask:
        opacity, mask = ((soft >= 128).byte() * 255 for soft in (opacity, mask))
    composite, real = synthesize(photos.float() / 255, opacity.float() / 255, config.synthesis, rng)
    composite, real = (composite * 255).round().byte(), (real * 255).round().byte()
    labels = label_submasks(composite, mask, config, draw) if config.submasks else None
    return Batch(composite, real, mask, labels)


def label_submasks(
    composite: Tensor, mask: Tensor, config: BatchConfig, draw: np.random.Generator
) -> Tensor:
    """(B, 3, S, S) and (B, 1, S, S) uint8 to (B, S, S) int8 submask labels, -1 outside."""
    least = round(config.min_area * (config.size / 256) ** 2)
    labels: list[Tensor] = []
    for rgb, inside in zip(composite.permute(0, 2, 3, 1).numpy(), mask[:, 0].numpy(), strict=True):
        colors = prepare_colors(np.ascontiguousarray(rgb), inside >= 128)
        submasks = colors.submasks(float(draw.choice(config.cutoff_distances)))
        merged = merge_small_submasks(submasks, least) if least else submasks
        labels.append(torch.as_tensor(merged.labels))
    return torch.stack(labels)
