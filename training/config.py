"""What a training run is: validated data classes, printed into its checkpoint and model card."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from engine.network.config import ABLATIONS, DEFAULT, NetworkConfig
from training.batches import BatchConfig
from training.limits import within
from training.losses import LossConfig
from training.schedule import OptimizerConfig

SLIDER_DISTANCES = (0.015, 0.022, 0.033, 0.05, 0.07, 0.1, 0.1, 0.1, 0.14, 0.2, 0.3)


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
    epochs: int | None = None
    """Length of the run in passes over the data, where neither steps nor minutes are given."""
    seed: int = 1

    def __post_init__(self) -> None:
        within("seed", self.seed, 0)
        if self.epochs is not None:
            within("epochs", self.epochs, 1)
        if self.trained.stage2 == "submasks" and not self.batches.submasks:
            raise ValueError("A cascade over submasks needs batches.submasks=true.")

    @property
    def trained(self) -> NetworkConfig:
        """The part of the network that this run trains."""
        return replace(self.network, stage2="none") if self.base_only else self.network


_SMALL = BatchConfig(size=128, batch=16, cutoff_distances=SLIDER_DISTANCES)

_PHOTOS = TrainingConfig(
    "photos", batches=BatchConfig(size=256, batch=16, cutoff_distances=SLIDER_DISTANCES)
)

_PAPER = TrainingConfig(
    "paper",
    network=ABLATIONS["frih"],
    batches=BatchConfig(size=256, batch=128, min_area=0, boolean_mask=True),
    loss=LossConfig(min_area=100, relative_floor=None, paste_coarse=False),
    optimizer=OptimizerConfig(
        learning_rate=0.008,
        warmup_steps=0,
        gradient_clip=None,
        decay_at=(160 / 180, 175 / 180),
        average=None,
        bfloat16=False,
    ),
    epochs=180,
)
"""FRIH, "Experiments": Adam at 0.008, batch 128, 180 epochs, tenths at 160 and 175, A_min 100."""


def _ablation(row: str) -> TrainingConfig:
    """The paper's training of one row of its Table 3."""
    network = ABLATIONS[row]
    batches = replace(_PAPER.batches, submasks=network.stage2 == "submasks")
    return replace(_PAPER, name=f"paper-{row}", network=network, batches=batches)


CONFIGS: dict[str, TrainingConfig] = {
    "photos": _PHOTOS,
    "photos-128": replace(_PHOTOS, name="photos-128", batches=_SMALL),
    "photos-128-base": replace(
        _PHOTOS, name="photos-128-base", base_only=True, batches=replace(_SMALL, submasks=False)
    ),
    "paper": _PAPER,
    **{f"paper-{row}": _ablation(row) for row in ABLATIONS if row != "frih"},
}
