"""The training loop: one config, endless batches, a time or step limit, resumable at any save."""

from __future__ import annotations

import json
import logging
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from torch.utils.data import DataLoader

from engine.errors import BadInputError, FrihError
from engine.network.frih import FRIH, Harmonized, SubmaskRows, rows_from_labels
from training.batches import Batch
from training.checkpoint import (
    AVERAGE,
    CONFIG,
    OPTIMIZER,
    STATE,
    WEIGHTS,
    load_tensors,
    optimizer_tensors,
    restore_optimizer,
    save_checkpoint,
    save_json,
)
from training.config import TrainingConfig
from training.losses import Losses, losses
from training.progress import RunProgress
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
    """Network, average and optimizer of one run."""

    def __init__(self, config: TrainingConfig, plan: RunPlan) -> None:
        torch.manual_seed(config.seed)  # pyright: ignore[reportUnknownMemberType] - torch leaves it untyped
        torch.set_num_threads(plan.threads)
        self.config, self.plan = config, plan
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.network = FRIH(config.trained)
        self.network.to(self.device).to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue] - see the documentation of Module.to
        o = config.optimizer
        self.optimizer = torch.optim.Adam(
            self.network.parameters(),
            o.learning_rate,
            (0.9, 0.999),
            weight_decay=o.weight_decay,
            decoupled_weight_decay=True,
        )
        decay = get_ema_multi_avg_fn(o.average or 0.0)  # pyright: ignore[reportUnknownVariableType] - as below
        self.average = AveragedModel(self.network, multi_avg_fn=decay, use_buffers=True)  # pyright: ignore[reportUnknownArgumentType] - torch leaves it untyped
        self.step = 0
        self.spent_s = 0.0

    @property
    def is_finished(self) -> bool:
        """Whether the whole run is over."""
        return self._share() >= 1

    def run(self) -> None:
        """Train until the run or the session is over or a signal asks to stop; save often.

        Raises NonFiniteLossError, OutputError, or BadInputError for a folder of another run.
        """
        self.begin()
        save_json(self.plan.folder / CONFIG, asdict(self.config))
        if self.is_finished:
            return
        with (
            StopRequest() as stop,
            RunProgress(self.plan.folder, self.step, self.plan.steps) as progress,
        ):
            self._train(stop, progress)
        self.save()

    def begin(self) -> None:
        """Take up the run in the folder, or the weights to start from, if there are any."""
        state = self.plan.folder / STATE
        if state.exists():
            self._resume(json.loads(state.read_text()))
        elif self.plan.start_from is not None:
            self._start_from(load_tensors(self.plan.start_from))

    def _resume(self, state: dict[str, float]) -> None:
        folder = self.plan.folder
        self._check_same_network(folder / CONFIG)
        self.network.load_state_dict(load_tensors(folder / WEIGHTS))
        self.average.module.load_state_dict(load_tensors(folder / AVERAGE))
        restore_optimizer(self.optimizer, load_tensors(folder / OPTIMIZER))
        self.step, self.spent_s = int(state["step"]), state["spent_s"]
        self.average.n_averaged.fill_(self.step)
        _log.info("resumed at step %d", self.step)

    def _check_same_network(self, file: Path) -> None:
        own = json.loads(json.dumps(asdict(self.config)))
        before = json.loads(file.read_text())
        if any(own[name] != before[name] for name in ("network", "base_only")):
            raise BadInputError(
                f"{file.parent} holds a run of another network: choose another folder for --run, "
                "or begin there from its weights with --from."
            )

    def _start_from(self, tensors: dict[str, Tensor]) -> None:
        own = self.network.state_dict()
        fitting = {n: t for n, t in tensors.items() if n in own and own[n].shape == t.shape}
        if not fitting:
            raise BadInputError("The weights of --from fit no layer of this network: name others.")
        self.network.load_state_dict(own | fitting)
        self.average.module.load_state_dict(self.network.state_dict())
        _log.info("began with %d of %d tensors", len(fitting), len(own))

    def _train(self, stop: StopRequest, progress: RunProgress) -> None:
        began = saved = time.monotonic()
        spent_before_s = self.spent_s
        with held_stop_signals():
            batches = iter(self.loader())
        for batch in batches:
            if isinstance(batch, FrihError):
                raise batch
            found = self.train_step(batch)
            now = time.monotonic()
            self.spent_s = spent_before_s + now - began
            if self.step % _REPORT_EVERY == 0:
                progress.report(self.step, found, self.optimizer.param_groups[0]["lr"])
            if now - saved > 60 * self.plan.save_every_minutes:
                self.save()
                saved = now
            if stop.is_set or self.is_finished or self._is_session_over(began):
                break

    def loader(self) -> DataLoader[Batch | FrihError]:
        """The batches from this step on."""
        workers = self.plan.workers
        return DataLoader(
            self.plan.source.batches(self.config.batches, self.config.seed, self.step),
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

    def _is_session_over(self, began: float) -> bool:
        limit = self.plan.session_minutes
        return limit is not None and time.monotonic() - began > 60 * limit

    def train_step(self, batch: Batch) -> Losses:
        """One step of the optimizer and the average; returns its losses, detached.

        Raises NonFiniteLossError before any.
        """
        o = self.config.optimizer
        for group in self.optimizer.param_groups:
            group["lr"] = learning_rate(o, self.step, self._share())
        self.network.train()
        found = self._losses(batch)
        if not bool(torch.isfinite(found.total)):
            raise NonFiniteLossError(
                f"The loss is not finite at step {self.step}: go on from the last checkpoint "
                "with a lower learning rate."
            )
        self.optimizer.zero_grad(set_to_none=True)
        found.total.backward()  # pyright: ignore[reportUnknownMemberType] - torch leaves it untyped
        if o.gradient_clip is not None:
            nn.utils.clip_grad_norm_(self.network.parameters(), o.gradient_clip)
        self.optimizer.step()  # pyright: ignore[reportUnknownMemberType] - torch leaves it untyped
        self.average.update_parameters(self.network)
        self.step += 1
        return found.detached()

    def _losses(self, batch: Batch) -> Losses:
        composite = batch.composite.to(self.device).float() / 255
        real = batch.real.to(self.device).float() / 255
        mask = batch.mask.to(self.device).float() / 255
        rows = self._rows(batch, mask)
        with torch.autocast(self.device.type, torch.bfloat16, self.config.optimizer.bfloat16):
            output: Harmonized = self.network(composite, mask, rows)
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
        """Write weights, average, optimizer and state. Raises OutputError."""
        save_checkpoint(
            self.plan.folder,
            {
                WEIGHTS: self.network.state_dict(),
                AVERAGE: self.average.module.state_dict(),
                OPTIMIZER: optimizer_tensors(self.optimizer),
            },
            {"step": self.step, "spent_s": self.spent_s},
            {"config": self.config.name, "step": str(self.step)},
        )
