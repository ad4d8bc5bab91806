"""The ideas that benchmarks.ideas compares: each a few settings changed in a small base run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from engine.network.config import DEFAULT
from training.config import CONFIGS, SLIDER_DISTANCES, TrainingConfig
from training.overrides import with_overrides

ONE_STAGE, TWO_STAGES = "one stage", "two stages"

_HALVED = ("encoder", "decoder", "cascade_encoder", "transfer", "cascade_decoder", "head")
_STEPS = 700


def _halved(width: int | tuple[int, ...]) -> int | tuple[int, ...]:
    return width // 2 if isinstance(width, int) else tuple(each // 2 for each in width)


def _small(name: str) -> TrainingConfig:
    """A config at half of every width, its rates planned for some hundred steps."""
    config = CONFIGS[name]
    optimizer = replace(config.optimizer, warmup_steps=50, average=0.99)
    narrow = replace(DEFAULT, **{name: _halved(getattr(DEFAULT, name)) for name in _HALVED})
    return replace(config, network=narrow, optimizer=optimizer)


BASES = {ONE_STAGE: _small("photos-128-base"), TWO_STAGES: _small("photos-128")}
"""What ideas about stage 1 and about submasks change."""

STEPS_SHARE = {ONE_STAGE: 1.0, TWO_STAGES: 0.5}
"""Steps of a row, of those asked for: both stages take longer a step."""


@dataclass(frozen=True, slots=True)
class Idea:
    """A row: what is changed in a base, as `--set` takes it."""

    name: str
    settings: tuple[str, ...] = ()
    base: str = ONE_STAGE

    @property
    def config(self) -> TrainingConfig:
        """The whole configuration of the row's run."""
        return with_overrides(BASES[self.base], self.settings)

    def steps(self, asked: int) -> int:
        """How long the row's run is."""
        return max(1, round(asked * STEPS_SHARE[self.base]))


def _ideas() -> Iterator[Idea]:
    yield Idea("base")
    yield Idea("base, another seed", ("seed=2",))
    yield Idea("no colour map", ("network.color_map=false",))
    yield Idea("no residual: a colour map alone", ("network.output=map",))
    yield Idea("neither: plain RGB, as in the paper",
               ("network.color_map=false", "network.output=rgb"))  # fmt: skip
    yield Idea("affine colour map", ("network.map_degree=1",))
    yield Idea("affine colour map alone", ("network.map_degree=1", "network.output=map"))
    yield Idea("no statistics input", ("network.statistics=none",))
    yield Idea("histograms too", ("network.statistics=histograms",))
    yield Idea("histograms too, another seed", ("network.statistics=histograms", "seed=2"))
    yield Idea("residual at a quarter of the size", ("network.head_level=3",))
    yield Idea("group norm", ("network.norm=group",))
    yield Idea("no norm", ("network.norm=none",))
    yield Idea("undivided loss", ("loss.relative_floor=none",))
    yield Idea("loss divided, floor 100", ("loss.relative_floor=100",))
    yield Idea("loss divided, floor 1000", ("loss.relative_floor=1000",))
    yield Idea("loss in linear light", ("loss.light=linear",))
    yield Idea("boolean mask", ("batches.boolean_mask=true",))
    yield Idea("sources of equal weight", ("batches.equal_sources=true",))
    yield Idea("constant learning rate", ("optimizer.flat=0.999",))
    yield Idea("cosine from the start", ("optimizer.flat=0",))
    yield Idea("learning rate 2e-3", ("optimizer.learning_rate=2e-3",))
    yield Idea("learning rate 5e-4", ("optimizer.learning_rate=5e-4",))
    yield Idea("no weight average", ("optimizer.average=none",))
    yield from _ideas_about_submasks()


def _ideas_about_submasks() -> Iterator[Idea]:
    yield Idea("both stages", base=TWO_STAGES)
    yield Idea("both stages, another seed", ("seed=2",), TWO_STAGES)
    yield Idea("d_c always 0.1", ("batches.cutoff_distances=0.1",), TWO_STAGES)
    yield Idea("specks not merged", ("batches.min_area=0",), TWO_STAGES)
    yield Idea("no fusion", ("network.fusion=false",), TWO_STAGES)
    yield Idea("stage 2 on the global mask", ("network.stage2=global mask",), TWO_STAGES)
    yield Idea("stage 1 alone, as long", ("base_only=true",), TWO_STAGES)


IDEAS = {idea.name: idea for idea in _ideas()}

MEASURED_DISTANCES = tuple(sorted(set(SLIDER_DISTANCES)))[1::6]
"""Cutoff distances that runs of both stages are measured at beside the usual one."""
