"""The submasks of a batch of composites, on the device they were extracted on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.submask.submasks import Submasks

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, slots=True)
class SubmaskBatch:
    """What engine.submask.Submasks holds, for B composites; rows past an image's K are empty.

    labels: (B, H, W) int8, -1 outside the mask; count: (B,) int64, K of each.
    centers: (B, 10, 3) uint8, 0 past K; areas: (B, 10) int64, 0 past K.
    denser: (B, 10) int8, -1 for submask 0 and past K.
    """

    labels: Tensor
    count: Tensor
    centers: Tensor
    areas: Tensor
    denser: Tensor

    def split(self) -> list[Submasks]:
        """The submasks of each composite, as numpy arrays."""
        counts = [int(count) for count in self.count.cpu().numpy()]
        images = zip(
            counts,
            self.labels.cpu().numpy(),
            self.centers.cpu().numpy(),
            self.areas.cpu().numpy(),
            self.denser.cpu().numpy(),
            strict=True,
        )
        return [
            Submasks(labels, count, centers[:count], areas[:count], denser[:count])
            for count, labels, centers, areas, denser in images
        ]
