"""Where a run's batches come from: the photo collection, or composites in iHarmony4's layout."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from training.batches import BatchConfig, CompositeBatches, NumberedBatches, source_weights
from training.pair_batches import PairBatches, load_training_triples
from training.photos import open_store


class BatchSource(Protocol):
    """Gives the loop its data."""

    def size(self, config: BatchConfig) -> int:
        """How many pictures one epoch has; reads what every loader process will need.

        Raises BadInputError when the data cannot be used.
        """
        ...

    def batches(self, config: BatchConfig, seed: int, first: int) -> NumberedBatches:
        """Batches from number `first` on."""
        ...


@dataclass(frozen=True, slots=True)
class PhotoSource:
    """Composites synthesized from a folder of photographs, decoded into `cache`."""

    photos: Path
    cache: Path

    def size(self, config: BatchConfig) -> int:
        """Fill the cache, and count the photographs that may be drawn."""
        store = open_store(self.photos, "train", self.cache)
        weights = source_weights(store, share_alike=config.share_alike)
        return int((weights > 0).sum())

    def batches(self, config: BatchConfig, seed: int, first: int) -> NumberedBatches:
        """Batches of synthesized composites."""
        return CompositeBatches(self.photos, self.cache, config, seed, first)


@dataclass(frozen=True, slots=True)
class PairSource:
    """Composites with truths, in iHarmony4's layout."""

    root: Path

    def size(self, config: BatchConfig) -> int:  # noqa: ARG002 - every picture may be drawn
        """Count the composites of the split file, all of which exist."""
        return len(load_training_triples(self.root))

    def batches(self, config: BatchConfig, seed: int, first: int) -> NumberedBatches:
        """Batches of crops."""
        return PairBatches(self.root, config, seed, first)
