"""The processes ("ranks") that train one network together; here the usual case, one alone.

`training.torchrun` has the other one. What every rank must agree on goes through these calls, made
by all of them in the same order; alone they change nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import TypeVar

import torch
from torch import Tensor, nn

from engine.errors import BadInputError, FrihError

T = TypeVar("T")


class Ranks:
    """This process's place among `size` ranks, of which `host_size` run on this machine."""

    rank = 0
    size = 1
    host_rank = 0
    host_size = 1

    @property
    def is_first(self) -> bool:
        """Whether this is the one rank that reads checkpoints, writes files and talks."""
        return self.rank == 0

    @property
    def device(self) -> torch.device:
        """What this rank trains on."""
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")

    def share_of(self, batch: int) -> int:
        """Pictures of the whole batch that this rank trains on.

        Raises BadInputError when the ranks cannot share it evenly.
        """
        if batch % self.size:
            nearest = max(batch // self.size, 1) * self.size
            raise BadInputError(
                f"{self.size} ranks cannot share a batch of {batch} evenly: "
                f"give a multiple, such as --set batches.batch={nearest}."
            )
        return batch // self.size

    def synchronized(self, network: nn.Module) -> None:
        """Let the batch norms see the pictures of all ranks, where the device can."""

    def parallel(self, network: nn.Module) -> nn.Module:
        """The network to call: its gradients are the means over the ranks."""
        return network

    def averaged(self, values: Tensor) -> Tensor:
        """The mean over the ranks of a tensor that has the same shape on each."""
        return values

    def largest(self, *values: float) -> tuple[float, ...]:
        """Of each value the largest that a rank has."""
        return values

    def unless_failed(self, outcome: T | FrihError) -> T:
        """The outcome, or the first rank's error of any of them, raised on every rank."""
        if isinstance(outcome, FrihError):
            raise outcome
        return outcome

    def from_first(self, make: Callable[[], T]) -> T:
        """What the first rank makes, or its FrihError, on every rank."""
        return make()

    def first_on_host(self, make: Callable[[], T]) -> T:
        """Make on every rank, but on one of each machine before the others: it fills the caches.

        Raises the FrihError of any rank on every rank.
        """
        return make()

    def in_touch(self) -> AbstractContextManager[None]:
        """Meanwhile, say in a sentence which rank was lost (RankLostError)."""
        return nullcontext()


ALONE = Ranks()
