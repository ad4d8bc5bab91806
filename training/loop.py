"""The training loop: one config, endless batches, a time or step limit, resumable at any save."""

from __future__ import annotations

import logging
import time
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from torch.utils.data import DataLoader

from engine.errors import BadInputError, FrihError
from engine.network.config import network_config
from engine.network.frih import FRIH, Harmonized, SubmaskRows, rows_from_labels
from training.batches import Batch
from training.checkpoint import (
    AVERAGE,
    CONFIG,
    OPTIMIZER,
    SETTINGS,
    WEIGHTS,
    load_into,
    load_tensors,
    optimizer_tensors,
    read_config,
    read_state,
    restore_optimizer,
    save_checkpoint,
    save_json,
)
from training.compiled import compiled, explained
from training.config import TrainingConfig
from training.losses import Losses, losses
from training.overrides import assignments
from training.progress import RunProgress
from training.ranks import ALONE, Ranks
from training.schedule import learning_rate
from training.sources import BatchSource
from training.stop_request import StopRequest, held_stop_signals, outlive_stop_signals

_log = logging.getLogger(__name__)

_REPORT_EVERY = 50


class NonFiniteLossError(FrihError):
    """The loss is no number any more; the last checkpoint is kept."""

    code = "non-finite-loss"


@dataclass(frozen=True, slots=True)
class RunPlan:
    """Where a run lives, what it learns from and how long it may take.

    steps, minutes: length of the whole run, over every resumption; by what ends first the learning
    rate is planned, and one of them is needed. session_minutes: how long before this session saves
    and ends, the run unfinished. start_from: weights to begin a new run with; tensors that the
    network lacks are left out, those that do not fit keep their start.
    """

    folder: Path
    source: BatchSource
    steps: int | None = None
    minutes: float | None = None
    session_minutes: float | None = None
    start_from: Path | None = None
    save_every_minutes: float = 5.0
    workers: int = 1
    threads: int = 1

    def __post_init__(self) -> None:
        if self.steps is None and self.minutes is None:
            raise ValueError("A run needs a number of steps or of minutes.")


class Trainer:
    """Network, average and optimizer of one run; the same steps on each of its ranks.

    Only the first rank keeps the average, reads checkpoints and writes. Raises BadInputError when
    the ranks cannot share a batch evenly.
    """

    def __init__(self, config: TrainingConfig, plan: RunPlan, ranks: Ranks = ALONE) -> None:
        torch.manual_seed(config.seed)  # pyright: ignore[reportUnknownMemberType] - torch leaves it untyped
        torch.set_num_threads(plan.threads)
        self.config, self.plan, self.ranks = config, plan, ranks
        self.batches = replace(config.batches, batch=ranks.share_of(config.batches.batch))
        self.device = ranks.device
        self.network = FRIH(config.trained)
        ranks.synchronized(self.network)
        self.network.to(self.device).to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue] - see the documentation of Module.to
        o = config.optimizer
        self.optimizer = torch.optim.Adam(
            self.network.parameters(),
            o.learning_rate,
            (0.9, 0.999),
            weight_decay=o.weight_decay,
            decoupled_weight_decay=True,
            fused=True,
        )
        decay = get_ema_multi_avg_fn(o.average or 0.0)  # pyright: ignore[reportUnknownVariableType] - as below
        self.average = AveragedModel(self.network, multi_avg_fn=decay, use_buffers=True)  # pyright: ignore[reportUnknownArgumentType] - torch leaves it untyped
        model = ranks.parallel(self.network)
        self.model = compiled(model) if o.compile else model
        self.step = 0
        self.drawn = 0
        self.spent_s = self.saved_at_s = 0.0

    @property
    def is_finished(self) -> bool:
        """Whether the whole run is over."""
        return self._share() >= 1

    def run(self) -> None:
        """Train until the run or the session is over or a signal asks to stop; save often.

        Raises NonFiniteLossError, OutputError, or BadInputError for a folder of another run.
        """
        self.begin()
        self.ranks.from_first(lambda: save_json(self.plan.folder / CONFIG, asdict(self.config)))
        if self.is_finished:
            return
        with StopRequest() as stop, self._progress() as progress, self.ranks.in_touch():
            self._train(stop, progress)
            self.save()

    def begin(self) -> None:
        """Take up the run in the folder, or the weights to start from, if there are any."""
        folder, start_from = self.plan.folder, self.plan.start_from
        state = self.ranks.from_first(lambda: read_state(folder))
        if state is not None:
            self._resume(state)
        elif start_from is not None:
            self._start_from(start_from)

    def _resume(self, state: dict[str, float]) -> None:
        folder = self.plan.folder
        self.ranks.from_first(lambda: self._check_same_network(folder))
        load_into(self.network, self._load(folder / WEIGHTS), folder / WEIGHTS)
        load_into(self.average.module, self._load(folder / AVERAGE), folder / AVERAGE)
        restore_optimizer(self.optimizer, self._load(folder / OPTIMIZER), folder / OPTIMIZER)
        self.step, self.spent_s = int(state["step"]), state["spent_s"]
        self.saved_at_s = self.spent_s
        self.drawn = int(state.get("drawn", self.step))
        self.average.n_averaged.fill_(self.step)
        _log.info("resumed at step %d", self.step)

    def _load(self, file: Path) -> dict[str, Tensor]:
        return self.ranks.from_first(lambda: load_tensors(file))

    def _check_same_network(self, folder: Path) -> None:
        before = read_config(folder)
        own = (self.config.network, self.config.base_only)
        if own != (network_config(before["network"]), before["base_only"]):
            raise BadInputError(
                f"{folder} holds a run of another network: choose another folder for --run, "
                "or begin there from its weights with --from."
            )

    def _start_from(self, file: Path) -> None:
        tensors, own = self._load(file), self.network.state_dict()
        fitting = {n: t for n, t in tensors.items() if n in own and own[n].shape == t.shape}
        if not fitting:
            raise BadInputError(
                f"The weights {file} fit no layer of this network: name others with --from."
            )
        self.network.load_state_dict(own | fitting)
        self.average.module.load_state_dict(self.network.state_dict())
        _log.info("began with %d of %d tensors", len(fitting), len(own))

    def _progress(self) -> AbstractContextManager[RunProgress | None]:
        if not self.ranks.is_first:
            return nullcontext()
        return RunProgress(self.plan.folder, self.step, self.plan.steps)

    def _train(self, stop: StopRequest, progress: RunProgress | None) -> None:
        began, spent_before_s = time.monotonic(), self.spent_s
        with held_stop_signals():
            batches = iter(self.loader())
        try:
            for batch in batches:
                found = self.train_step(self.ranks.unless_failed(batch))
                passed_s, is_asked = self.ranks.largest(time.monotonic() - began, stop.is_set)
                self.spent_s = spent_before_s + passed_s
                if progress is not None and self.step % _REPORT_EVERY == 0:
                    progress.report(self.step, found, self.optimizer.param_groups[0]["lr"])
                if self.spent_s - self.saved_at_s > 60 * self.plan.save_every_minutes:
                    self.save()
                if is_asked or self.is_finished or self._is_session_over(passed_s):
                    break
        finally:
            del batches  # its processes end even if the error's traceback is kept

    def loader(self) -> DataLoader[Batch | FrihError]:
        """This rank's batches from this step on: of all that are numbered, every size-th."""
        workers = self.plan.workers
        first = self.drawn + self.ranks.rank
        batches = self.plan.source.batches(self.batches, self.config.seed, first)
        batches.stride = self.ranks.size
        return DataLoader(
            batches,
            batch_size=None,
            num_workers=workers,
            prefetch_factor=4 if workers else None,
            worker_init_fn=outlive_stop_signals,
        )

    def _share(self) -> float:
        """How much of the run is over, by steps or by time, 0 to 1."""
        by_steps = self.step / self.plan.steps if self.plan.steps else 0.0
        by_time = self.spent_s / (60 * self.plan.minutes) if self.plan.minutes else 0.0
        return max(by_steps, by_time)

    def _is_session_over(self, passed_s: float) -> bool:
        limit = self.plan.session_minutes
        return limit is not None and passed_s > 60 * limit

    def train_step(self, batch: Batch) -> Losses:
        """One step of the optimizer and the average; returns its losses, detached.

        batch: this rank's share, and the losses their means over the ranks. Raises
        NonFiniteLossError, on every rank, before the step.
        """
        o = self.config.optimizer
        for group in self.optimizer.param_groups:
            group["lr"] = learning_rate(o, self.step, self._share())
        self.network.train()
        with self._compiling():
            found = self._losses(batch)
        shown = Losses(*self.ranks.averaged(torch.stack([found.coarse, found.refined]).detach()))
        if not bool(torch.isfinite(shown.total)):
            raise NonFiniteLossError(
                f"The loss is not finite at step {self.step}{_culprits(found, batch)}: go on from "
                "the last checkpoint with a lower learning rate."
            )
        self.optimizer.zero_grad(set_to_none=True)
        with self._compiling():
            found.total.backward()  # pyright: ignore[reportUnknownMemberType] - torch leaves it untyped
        if o.gradient_clip is not None:
            nn.utils.clip_grad_norm_(self.network.parameters(), o.gradient_clip)
        self.optimizer.step()  # pyright: ignore[reportUnknownMemberType] - torch leaves it untyped
        if self.ranks.is_first:
            self.average.update_parameters(self.network)
        self.step += 1
        self.drawn += self.ranks.size
        return shown

    def _compiling(self) -> AbstractContextManager[None]:
        return explained() if self.config.optimizer.compile else nullcontext()

    def _losses(self, batch: Batch) -> Losses:
        composite = batch.composite.to(self.device).float() / 255
        real = batch.real.to(self.device).float() / 255
        mask = batch.mask.to(self.device).float() / 255
        rows = self._rows(batch, mask)
        with torch.autocast(self.device.type, torch.bfloat16, self.config.optimizer.bfloat16):
            output: Harmonized = self.model(composite, mask, rows)
        return losses(output, composite, real, mask, rows, self.config.loss)

    def _rows(self, batch: Batch, mask: Tensor) -> SubmaskRows:
        """What stage 2 refines and loss (8) sums over, for each row of the paper's Table 3."""
        if self.config.trained.stage2 == "global mask":
            everything = torch.arange(mask.shape[0], device=self.device)
            return SubmaskRows((mask >= 0.5).float(), everything)
        if self.config.trained.stage2 == "none" or batch.labels is None:
            nothing = torch.zeros(0, dtype=torch.int64, device=self.device)
            return SubmaskRows(mask[:0], nothing)
        return rows_from_labels(batch.labels.to(self.device))

    def save(self) -> None:
        """Write weights, average, optimizer and state, by the first rank. Raises OutputError."""
        self.ranks.from_first(self._write)
        self.saved_at_s = self.spent_s

    def _write(self) -> None:
        save_checkpoint(
            self.plan.folder,
            {
                WEIGHTS: self.network.state_dict(),
                AVERAGE: self.average.module.state_dict(),
                OPTIMIZER: optimizer_tensors(self.optimizer),
            },
            {"step": self.step, "drawn": self.drawn, "spent_s": self.spent_s},
            {"step": str(self.step), SETTINGS: "\n".join(assignments(asdict(self.config)))},
        )


def _culprits(found: Losses, batch: Batch) -> str:
    """The pictures of a batch without a finite loss, unless it is all of them: the weights are."""
    is_bad = ~torch.isfinite(found.coarse + found.refined)
    if bool(is_bad.all()):
        return ""
    return "".join(f", {name}" for i, name in enumerate(batch.names) if bool(is_bad[i]))
