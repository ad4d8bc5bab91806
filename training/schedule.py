"""The learning rate over a run."""

from __future__ import annotations

import math
from dataclasses import dataclass

from training.limits import within

_LOWEST_RATE = 0.01


@dataclass(frozen=True, slots=True)
class OptimizerConfig:
    """Adam with the paper's betas; `decay_at` steps down tenfold, else cosine from `flat` on."""

    learning_rate: float = 1e-3
    weight_decay: float = 0.0
    """Decoupled from the gradient; 0 is plain Adam, as in the paper."""
    warmup_steps: int = 200
    gradient_clip: float | None = 1.0
    flat: float = 0.3
    """Share of the run after which the learning rate falls along a cosine to a hundredth."""
    decay_at: tuple[float, ...] = ()
    """Shares of the run at which the learning rate is divided by ten, as in the paper."""
    average: float | None = 0.999
    """Decay of the running average of the weights; None: the average is the last weights."""
    bfloat16: bool = True
    compile: bool = False
    """Compile the network before the first step. Needs a C++ compiler on the processor; what it
    buys is for each machine to measure (benchmarks.training_speed)."""

    def __post_init__(self) -> None:
        within("optimizer.learning_rate", self.learning_rate, 1e-8, 1)
        within("optimizer.weight_decay", self.weight_decay, 0, 1)
        within("optimizer.warmup_steps", self.warmup_steps, 0)
        within("optimizer.flat", self.flat, 0, 0.999)
        within("optimizer.average", self.average or 0, 0, 0.999999)
        if self.gradient_clip is not None:
            within("optimizer.gradient_clip", self.gradient_clip, 1e-6)
        for share in self.decay_at:
            within("optimizer.decay_at", share, 0, 1)


def learning_rate(config: OptimizerConfig, step: int, share: float) -> float:
    """The rate at a step, `share` (0 to 1) of the run being over."""
    rate = config.learning_rate * min(1.0, (step + 1) / max(config.warmup_steps, 1))
    if config.decay_at:
        return rate * 0.1 ** sum(share >= at for at in config.decay_at)
    if share <= config.flat:
        return rate
    fallen = (1 + math.cos(math.pi * (share - config.flat) / (1 - config.flat))) / 2
    return rate * (_LOWEST_RATE + (1 - _LOWEST_RATE) * fallen)
