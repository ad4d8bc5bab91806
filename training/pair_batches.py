"""Batches of composites that come with their truths, in iHarmony4's layout, as the paper trains."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.errors import BadInputError
from training.batches import Batch, BatchConfig, NumberedBatches, label_submasks
from training.iharmony import Triple, load_triples
from training.iharmony_views import TripleView, read_triple, view_triple_cropped


def load_training_triples(root: Path) -> list[Triple]:
    """What the split file for training names: IHD_train.txt, or the one that ends so.

    Raises BadInputError when there is none or a picture is missing.
    """
    found = sorted(root.glob("*_train.txt"), key=lambda path: (path.stem != "IHD_train", path))
    if not found:
        raise BadInputError(f"{root} has no split file such as IHD_train.txt: add it.")
    return load_triples(root, found[0].name)


class PairBatches(NumberedBatches):
    """Every epoch in an order of its own; a crop of half to all of the short side, mirrored or not.

    A batch that runs over the end of an epoch takes the rest from the next one.
    """

    def __init__(self, root: Path, config: BatchConfig, seed: int, first: int = 0) -> None:
        super().__init__(config, seed, first)
        self._root = root

    def maker(self) -> Callable[[int], Batch]:
        """Read the split file. Raises BadInputError."""
        triples = load_training_triples(self._root)
        order = _ordered_epochs(len(triples), self.seed)

        def make(number: int) -> Batch:
            draw = np.random.default_rng((self.seed, number))
            places = range(number * self.config.batch, (number + 1) * self.config.batch)
            drawn = [triples[order(place)] for place in places]
            views = [_crop(triple, self.config.size, draw) for triple in drawn]
            names = tuple(str(triple.composite) for triple in drawn)
            return replace(_batch(views, self.config, draw), names=names)

        return make


def _ordered_epochs(pictures: int, seed: int) -> Callable[[int], int]:
    """Which picture stands at a place of the endless row of shuffled epochs."""

    @lru_cache(maxsize=2)
    def shuffled(epoch: int) -> NDArray[np.int64]:
        return np.random.default_rng((seed, epoch, pictures)).permutation(pictures)

    def at(place: int) -> int:
        epoch, offset = divmod(place, pictures)
        return int(shuffled(epoch)[offset])

    return at


def _crop(triple: Triple, size: int, draw: np.random.Generator) -> TripleView:
    view = view_triple_cropped(read_triple(triple), draw, size)
    if not view.inside.any():
        raise BadInputError(f"{triple.mask} has no foreground at {size} pixels: take it out.")
    return view


def _batch(views: Sequence[TripleView], config: BatchConfig, draw: np.random.Generator) -> Batch:
    composite = _channels_first([view.composite for view in views])
    mask = torch.as_tensor(np.stack([view.inside for view in views]))[:, None].byte() * 255
    labels = label_submasks(composite, mask, config, draw) if config.submasks else None
    return Batch(composite, _channels_first([view.real for view in views]), mask, labels)


def _channels_first(pictures: Sequence[NDArray[np.uint8]]) -> Tensor:
    return torch.as_tensor(np.stack(pictures)).permute(0, 3, 1, 2)
