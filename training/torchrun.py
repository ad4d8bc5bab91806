# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# torch.distributed is only partly typed.
"""Several ranks, as `torchrun` starts them: gloo between processors, nccl between GPUs."""

from __future__ import annotations

import gc
import logging
import os
import time
import traceback
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from typing import TypeVar, cast

import torch
from torch import Tensor, distributed, nn
from torch.distributed.rendezvous import rendezvous
from torch.nn.parallel import DistributedDataParallel

from engine.errors import BadInputError, FrihError
from training.ranks import ALONE, Ranks

T = TypeVar("T")

SILENCE_MINUTES = 30.0
"""Longer than the first rank of a machine decodes photographs, or a save takes."""

_ROLL_CALL_S = 10.0
"""Shorter than the 30 s after which torchrun kills what it has told to end."""


class RankLostError(FrihError):
    """A rank died or hangs; the last checkpoint is whole."""

    code = "rank-lost"


@contextmanager
def joined_ranks(silence_minutes: float = SILENCE_MINUTES) -> Generator[Ranks]:
    """Join the ranks that torchrun started; without it, be alone.

    An error that all of them share is raised on one of them; the others end with exit code 2.
    """
    if not distributed.is_torchelastic_launched() or os.environ["WORLD_SIZE"] == "1":
        yield ALONE
        return
    ranks = TorchrunRanks(silence_minutes)
    if not ranks.is_first:
        logging.disable(logging.INFO)
    try:
        with ranks.in_touch():
            ranks.check_devices()
            yield ranks
    except FrihError as error:
        # The frames keep the model, and it the connection's threads, beyond the group's end, and
        # an interpreter that ends with them aborts.
        traceback.clear_frames(error.__traceback__)
        gc.collect()
        if ranks.speaks:
            raise
        raise SystemExit(2) from error
    finally:
        logging.disable(logging.NOTSET)
        if distributed.is_initialized():
            distributed.destroy_process_group()


class TorchrunRanks(Ranks):
    """One of several ranks; `speaks` is whether it is the one that tells their common errors."""

    def __init__(self, silence_minutes: float) -> None:
        self.rank, self.size = int(os.environ["RANK"]), int(os.environ["WORLD_SIZE"])
        self.host_rank = int(os.environ["LOCAL_RANK"])
        self.host_size = int(os.environ["LOCAL_WORLD_SIZE"])
        self.speaks = self.is_first
        self._silence_minutes = silence_minutes
        self._store, _, _ = next(rendezvous("env://"))
        # What the ranks agree on lies in the processor's memory, so gloo is there with GPUs too.
        distributed.init_process_group(
            "cpu:gloo,cuda:nccl" if torch.cuda.is_available() else "gloo",
            store=self._store,
            rank=self.rank,
            world_size=self.size,
            timeout=timedelta(minutes=silence_minutes),
        )

    @property
    def device(self) -> torch.device:
        """This rank's own GPU of the machine, or the processor."""
        return torch.device("cuda", self.host_rank) if torch.cuda.is_available() else ALONE.device

    def check_devices(self) -> None:
        """Take this rank's GPU. Raises BadInputError when a machine has more ranks than GPUs."""
        gpus = torch.cuda.device_count()
        outcome = None
        if 0 < gpus < self.host_size:
            outcome = BadInputError(
                f"{self.host_size} ranks share a machine with {gpus} GPUs: "
                f"start torchrun with --nproc-per-node {gpus}."
            )
        self.unless_failed(outcome)
        if gpus:
            torch.cuda.set_device(self.host_rank)

    def synchronized(self, network: nn.Module) -> None:
        """SyncBatchNorm, in place, on GPUs; torch has none for processors: each norms its share."""
        if self.device.type == "cuda":
            nn.SyncBatchNorm.convert_sync_batchnorm(network)

    def parallel(self, network: nn.Module) -> nn.Module:
        """DistributedDataParallel; every parameter is used in every step."""
        return DistributedDataParallel(network, gradient_as_bucket_view=True)

    def averaged(self, values: Tensor) -> Tensor:
        """The mean over the ranks of a tensor that has the same shape on each."""
        total = values.clone()
        distributed.all_reduce(total)
        return total / self.size

    def largest(self, *values: float) -> tuple[float, ...]:
        """Of each value the largest that a rank has."""
        agreed = torch.tensor(values, dtype=torch.float64)
        distributed.all_reduce(agreed, distributed.ReduceOp.MAX)
        return tuple(float(value) for value in agreed)

    def unless_failed(self, outcome: T | FrihError) -> T:
        """The outcome, or the first rank's error of any of them, raised on every rank."""
        own = outcome if isinstance(outcome, FrihError) else None
        if self.largest(own is not None) == (1.0,):
            errors: list[FrihError | None] = [None] * self.size
            distributed.all_gather_object(errors, own)
            raise next(error for error in errors if error is not None)
        return cast("T", outcome)

    def from_first(self, make: Callable[[], T]) -> T:
        """What the first rank makes, or its FrihError, on every rank."""
        made: list[object] = [_outcome(make) if self.is_first else None]
        distributed.broadcast_object_list(made, device=torch.device("cpu"))
        outcome = cast("T | FrihError", made[0])
        return ALONE.unless_failed(outcome)

    def first_on_host(self, make: Callable[[], T]) -> T:
        """Make on every rank, but on one of each machine before the others: it fills the caches.

        Raises the FrihError of any rank on every rank.
        """
        early = _outcome(make) if self.host_rank == 0 else None
        self.unless_failed(early)
        late = _outcome(make) if early is None else early
        return self.unless_failed(late)

    def in_touch(self) -> AbstractContextManager[None]:
        """Meanwhile, say in a sentence which rank was lost (RankLostError)."""
        return self._named_losses()

    @contextmanager
    def _named_losses(self) -> Generator[None]:
        try:
            yield
        except RuntimeError as error:
            if not _is_of_the_connection(error):
                raise
            raise self._loss(was_silent="imed out" in str(error)) from error

    def _loss(self, *, was_silent: bool) -> RankLostError:
        """Part from the others, so that they notice too, and ask who is left."""
        distributed.destroy_process_group()
        present = self._call_roll()
        self.speaks = self.rank == min(present)
        missing = [str(rank) for rank in range(self.size) if rank not in present]
        lost = f"rank {' and '.join(missing)}" if missing else "the connection between them"
        how = f"was silent for {self._silence_minutes:g} minutes" if was_silent else "is gone"
        return RankLostError(
            f"Of {self.size} ranks, {lost} {how}: run the same command again, it goes on from the "
            "last checkpoint."
        )

    def _call_roll(self) -> set[int]:
        """The ranks that answer; this one always does."""
        deadline = time.monotonic() + _ROLL_CALL_S
        present = {self.rank}
        try:
            self._store.set(f"present/{self.rank}", "1")
            while len(present) < self.size and time.monotonic() < deadline:
                time.sleep(0.2)
                present |= {r for r in range(self.size) if self._store.check([f"present/{r}"])}
        except distributed.DistError:
            logging.getLogger(__name__).warning("torchrun's own process is gone too")
        return present


def _outcome(make: Callable[[], T]) -> T | FrihError:
    try:
        return make()
    except FrihError as error:
        return error


def _is_of_the_connection(error: RuntimeError) -> bool:
    """Whether torch's transport failed; gloo's errors have no type of their own."""
    return isinstance(error, distributed.DistError) or "gloo" in str(error)
