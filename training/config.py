"""What a training run is: validated data classes, printed into its checkpoint and model card."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from engine.network.config import ABLATIONS, DEFAULT, PAPER, NetworkConfig
from training.batches import BatchConfig
from training.losses import LossConfig

SLIDER_DISTANCES = (0.015, 0.022, 0.033, 0.05, 0.07, 0.1, 0.1, 0.1, 0.14, 0.2, 0.3)


@dataclass(frozen=True, slots=True)
class OptimizerConfig:
    """Adam with the paper's betas; `decay_at` steps down tenfold, else cosine from `flat` on."""

    learning_rate: float = 1e-3
    weight_decay: float = 0.0
    warmup_steps: int = 200
    gradient_clip: float | None = 1.0
    flat: float = 0.3
    """Share of the run after which the learning rate falls along a cosine to a hundredth."""
    decay_at: tuple[float, ...] = ()
    """Shares of the run at which the learning rate is divided by ten, as in the paper."""
    average: float | None = 0.999
    bfloat16: bool = True


@dataclass(frozen=True, slots=True)
class TrainingConfig:
    """One run, by name."""

    name: str
    network: NetworkConfig = DEFAULT
    batches: BatchConfig = field(default_factory=BatchConfig)
    loss: LossConfig = field(default_factory=LossConfig)
    optimizer: OptimizerConfig = field(default_factory=OptimizerConfig)
    base_only: bool = False
    """Train stage 1 alone (the cascade keeps its start): quicker on small machines."""
    seed: int = 1

    def __post_init__(self) -> None:
        if self.batches.size % 128:
            raise ValueError("The seven halvings need a size that 128 divides.")


_SMALL = BatchConfig(size=128, batch=16, cutoff_distances=SLIDER_DISTANCES)

_PHOTOS = TrainingConfig(
    "photos", batches=BatchConfig(size=256, batch=16, cutoff_distances=SLIDER_DISTANCES)
)

CONFIGS: dict[str, TrainingConfig] = {
    "photos": _PHOTOS,
    "photos-128": replace(_PHOTOS, name="photos-128", batches=_SMALL),
    "photos-128-base": replace(
        _PHOTOS, name="photos-128-base", base_only=True, batches=replace(_SMALL, submasks=False)
    ),
}
