"""The training loop: one config, endless batches, a time or step limit, resumable at any save."""

from __future__ import annotations

import json
import logging
import math
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from torch.utils.data import DataLoader
from torch.utils.tensorboard.writer import SummaryWriter
from tqdm import tqdm

from engine.errors import FrihError
from engine.network.frih import FRIH, SubmaskRows, rows_from_labels
from training.batches import Batch, CompositeBatches
from training.checkpoint import (
    AVERAGE,
    OPTIMIZER,
    STATE,
    WEIGHTS,
    load_tensors,
    optimizer_tensors,
    restore_optimizer,
    save_json,
    save_tensors,
)
from training.config import OptimizerConfig, TrainingConfig
from training.losses import Losses, losses

_log = logging.getLogger(__name__)

_LOWEST_RATE = 0.01


class NonFiniteLossError(FrihError):
    """The loss is no number any more; the last checkpoint is kept."""

    code = "non-finite-loss"


@dataclass(frozen=True, slots=True)
class RunPlan:
    """Where a run lives and how long it may take."""

    folder: Path
    photos: Path
    cache: Path
    steps: int
    minutes: float | None = None
    start_from: Path | None = None
    """Weights of another run to begin with; tensors that do not fit keep their start."""
    save_every_minutes: float = 5.0
    workers: int = 1
    threads: int = 1


class Trainer:
    """Network, average and optimizer of one run."""

    def __init__(self, config: TrainingConfig, plan: RunPlan) -> None:
        torch.manual_seed(config.seed)
        torch.set_num_threads(plan.threads)
        self.config, self.plan = config, plan
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        stage2 = "none" if config.base_only else config.network.stage2
        self.network = FRIH(replace(config.network, stage2=stage2)).to(
            self.device, memory_format=torch.channels_last
        )
        o = config.optimizer
        self.optimizer = torch.optim.AdamW(
            self.network.parameters(), o.learning_rate, (0.9, 0.999), weight_decay=o.weight_decay
        )
        self.average = AveragedModel(
            self.network, multi_avg_fn=get_ema_multi_avg_fn(o.average or 0.0), use_buffers=True
        )
        self.step = 0
        self.spent_s = 0.0

    def run(self) -> None:
        """Train until the steps are done or the time is over; save often and at the end."""
        self.plan.folder.mkdir(parents=True, exist_ok=True)
        self._begin()
        save_json(self.plan.folder / "config.json", asdict(self.config))
        writer = SummaryWriter(str(self.plan.folder / "curves"))
        began, saved = time.monotonic() - self.spent_s, time.monotonic()
        progress = tqdm(initial=self.step, total=self.plan.steps, unit="step", mininterval=10)
        for batch in self._loader():
            self.spent_s = time.monotonic() - began
            if self.step >= self.plan.steps or self._share() >= 1:
                break
            found = self._train_step(batch)
            if self.step % 50 == 0:
                self._report(writer, progress, found)
            if time.monotonic() - saved > 60 * self.plan.save_every_minutes:
                self.save()
                saved = time.monotonic()
        self.save()
        writer.close()

    def _begin(self) -> None:
        state = self.plan.folder / STATE
        if state.exists():
            self._resume(json.loads(state.read_text()))
        elif self.plan.start_from is not None:
            self._start_from(load_tensors(self.plan.start_from))

    def _resume(self, state: dict[str, float]) -> None:
        folder = self.plan.folder
        self.network.load_state_dict(load_tensors(folder / WEIGHTS))
        self.average.module.load_state_dict(load_tensors(folder / AVERAGE))
        restore_optimizer(self.optimizer, load_tensors(folder / OPTIMIZER))
        self.step, self.spent_s = int(state["step"]), state["spent_s"]
        self.average.n_averaged.fill_(self.step)
        _log.info("resumed at step %d", self.step)

    def _start_from(self, tensors: dict[str, Tensor]) -> None:
        own = self.network.state_dict()
        fitting = {n: t for n, t in tensors.items() if n in own and own[n].shape == t.shape}
        self.network.load_state_dict(own | fitting)
        self.average.module.load_state_dict(self.network.state_dict())
        _log.info("began with %d of %d tensors", len(fitting), len(own))

    def _loader(self) -> DataLoader[Batch]:
        plan = self.plan
        data = CompositeBatches(
            plan.photos, plan.cache, self.config.batches, self.config.seed + 1000 * self.step
        )
        return DataLoader(
            data, batch_size=None, num_workers=plan.workers,
            prefetch_factor=4 if plan.workers else None,
        )  # fmt: skip

    def _share(self) -> float:
        """How much of the run is over, by steps or by time, 0 to 1."""
        by_time = self.spent_s / (60 * self.plan.minutes) if self.plan.minutes else 0.0
        return max(self.step / self.plan.steps, by_time)

    def _train_step(self, batch: Batch) -> Losses:
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
        found.total.backward()
        if o.gradient_clip is not None:
            nn.utils.clip_grad_norm_(self.network.parameters(), o.gradient_clip)
        self.optimizer.step()
        self.average.update_parameters(self.network)
        self.step += 1
        return found

    def _losses(self, batch: Batch) -> Losses:
        composite = batch.composite.to(self.device).float() / 255
        real = batch.real.to(self.device).float() / 255
        mask = batch.mask.to(self.device).float() / 255
        rows = self._rows(batch, mask)
        with torch.autocast(self.device.type, torch.bfloat16, self.config.optimizer.bfloat16):
            output = self.network(composite, mask, rows)
        return losses(output, composite, real, mask, rows, self.config.loss)

    def _rows(self, batch: Batch, mask: Tensor) -> SubmaskRows:
        if batch.labels is None:
            nothing = torch.zeros(0, dtype=torch.int64, device=self.device)
            return SubmaskRows(mask[:0], nothing)
        return rows_from_labels(batch.labels.to(self.device))

    def _report(self, writer: SummaryWriter, progress: tqdm[None], found: Losses) -> None:
        coarse, refined = float(found.coarse.mean()), float(found.refined.mean())
        writer.add_scalar("loss/coarse", coarse, self.step)
        writer.add_scalar("loss/refined", refined, self.step)
        progress.set_postfix(coarse=f"{coarse:.4f}", refined=f"{refined:.4f}")
        progress.update(self.step - progress.n)

    def save(self) -> None:
        """Write weights, average, optimizer and, last, the state that makes them count."""
        folder, metadata = self.plan.folder, {"config": self.config.name, "step": str(self.step)}
        save_tensors(folder / WEIGHTS, self.network.state_dict(), metadata)
        save_tensors(folder / AVERAGE, self.average.module.state_dict(), metadata)
        save_tensors(folder / OPTIMIZER, optimizer_tensors(self.optimizer), metadata)
        save_json(folder / STATE, {"step": self.step, "spent_s": self.spent_s})


def learning_rate(config: OptimizerConfig, step: int, share: float) -> float:
    """The rate at a step, `share` of the run being over."""
    rate = config.learning_rate * min(1.0, (step + 1) / max(config.warmup_steps, 1))
    if config.decay_at:
        return rate * 0.1 ** sum(share >= at for at in config.decay_at)
    if share <= config.flat:
        return rate
    fallen = (1 + math.cos(math.pi * (share - config.flat) / (1 - config.flat))) / 2
    return rate * (_LOWEST_RATE + (1 - _LOWEST_RATE) * fallen)
