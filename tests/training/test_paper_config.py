"""`--config paper` is the paper's recipe to the letter, and the seed fixes what a run does."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest
import torch
from iharmony_folder import write_set
from safetensors import safe_open
from safetensors.torch import load_file  # pyright: ignore[reportUnknownVariableType] - no types
from torch import Tensor

from engine.network.frih import Harmonized, rows_from_labels
from training.checkpoint import AVERAGE, CONFIG, OPTIMIZER, SETTINGS, WEIGHTS
from training.config import CONFIGS, TrainingConfig
from training.loop import RunPlan, Trainer
from training.losses import losses
from training.overrides import assignments, with_overrides
from training.sources import PairSource

NOT_OF_THE_RECIPE = {"batches.share_alike", "batches.equal_sources", "optimizer.compile"}
"""And all that lies deeper: how composites are made, which here are given."""
WIDTHS = ("network.encoder", "network.decoder", "network.cascade", "network.transfer")

PAPER = [
    "name=paper",
    "network.head=16",
    "network.stage2=submasks",
    "network.fusion=true",
    "network.output=rgb",
    "network.color_map=false",
    "network.norm=batch",
    "network.head_level=1",
    "batches.size=256",
    "batches.batch=128",
    "batches.submasks=true",
    "batches.cutoff_distances=0.1",
    "batches.min_area=0",
    "batches.boolean_mask=true",
    "loss.min_area=100",
    "loss.relative_floor=none",
    "loss.paste_coarse=false",
    "loss.light=srgb",
    "optimizer.learning_rate=0.008",
    "optimizer.weight_decay=0.0",
    "optimizer.warmup_steps=0",
    "optimizer.gradient_clip=none",
    "optimizer.decay_at=0.8888888888888888,0.9722222222222222",
    "optimizer.average=none",
    "optimizer.bfloat16=false",
    "base_only=false",
    "epochs=180",
    "seed=1",
]
"""FRIH, "Experiments", and our readings of what it leaves open; decay_at is 160 and 175 of 180."""

OF_COLOR_MAP = ("network.map_degree=2", "network.statistics=moments")
"""Without meaning where there is none."""

OF_SCHEDULE = "optimizer.flat=0.3"
"""Without meaning where the rate is divided."""


def printed(config: TrainingConfig) -> set[str]:
    settings = {line.partition("=")[0]: line for line in assignments(asdict(config))}
    return {
        line
        for path, line in settings.items()
        if path.count(".") < 2 and path not in NOT_OF_THE_RECIPE and not path.startswith(WIDTHS)
    }


def tiny(config: TrainingConfig) -> TrainingConfig:
    widths = dict.fromkeys(("encoder", "decoder", "cascade_encoder", "cascade_decoder"), (4,) * 7)
    network = replace(config.network, **widths, transfer=(2,) * 7, head=4)
    return replace(config, network=network, batches=replace(config.batches, size=128, batch=3))


def trained(folder: Path, data: Path, *, steps: int = 2, seed: int = 1) -> dict[str, Tensor]:
    """All tensors of a run of the paper's recipe, by file and name."""
    config = replace(tiny(CONFIGS["paper"]), seed=seed)
    Trainer(config, RunPlan(folder, PairSource(data), steps=steps, workers=0)).run()
    return {
        f"{file} {name}": tensor
        for file in (WEIGHTS, AVERAGE, OPTIMIZER)
        for name, tensor in load_file(folder / file).items()
    }


@pytest.fixture
def data(tmp_path: Path) -> Path:
    write_set(tmp_path / "set", {f"f{n}_1_1": 20 * n for n in range(1, 6)}, "HFlickr_train.txt")
    return tmp_path / "set"


def test_every_setting_is_the_papers() -> None:
    assert printed(CONFIGS["paper"]) == {*PAPER, *OF_COLOR_MAP, OF_SCHEDULE}


@pytest.mark.parametrize(
    ("row", "changed"),
    [
        ("baseline", {"network.stage2=none", "network.fusion=false", "batches.submasks=false"}),
        (
            "cascade-global-mask",
            {"network.stage2=global mask", "network.fusion=false", "batches.submasks=false"},
        ),
        ("cascade-submasks", {"network.fusion=false"}),
    ],
)
def test_every_other_row_of_table_3_changes_its_modules_alone(row: str, changed: set[str]) -> None:
    name = f"paper-{row}"
    assert printed(CONFIGS[name]) - printed(CONFIGS["paper"]) == {*changed, f"name={name}"}


def test_it_is_plain_adam_with_the_papers_betas(tmp_path: Path, data: Path) -> None:
    trainer = Trainer(CONFIGS["paper"], RunPlan(tmp_path / "run", PairSource(data), steps=1))
    assert type(trainer.optimizer) is torch.optim.Adam
    (group,) = trainer.optimizer.param_groups
    assert (group["lr"], group["betas"], group["weight_decay"]) == (0.008, (0.9, 0.999), 0)
    assert len(group["params"]) == len(list(trainer.network.parameters()))
    assert {p.dtype for p in trainer.network.parameters()} == {torch.float32}


def test_both_stages_learn_end_to_end(tmp_path: Path, data: Path) -> None:
    """Loss (8) alone moves stage 1 too: through the coarse picture and through E_i."""
    config = tiny(CONFIGS["paper"])
    network = Trainer(config, RunPlan(tmp_path / "run", PairSource(data), steps=1)).network
    batch = PairSource(data).batches(config.batches, 1, 0).maker()(0)
    assert batch.labels is not None
    composite, real, mask = (t.float() / 255 for t in (batch.composite, batch.real, batch.mask))
    rows = rows_from_labels(batch.labels)
    output: Harmonized = network(composite, mask, rows)
    losses(output, composite, real, mask, rows, config.loss).refined.sum().backward()  # pyright: ignore[reportUnknownMemberType] - torch leaves it untyped
    idle = [n for n, p in network.base.named_parameters() if p.grad is None or not p.grad.any()]
    assert [n for n in idle if not n.endswith("conv.bias")] == []  # a norm takes those out again


def test_the_average_is_the_last_weights(tmp_path: Path, data: Path) -> None:
    tensors = trained(tmp_path / "run", data)
    for name, tensor in tensors.items():
        if name.startswith(WEIGHTS):
            assert torch.equal(tensor, tensors[name.replace(WEIGHTS, AVERAGE)]), name


def test_the_seed_fixes_the_run(tmp_path: Path, data: Path) -> None:
    first, second = trained(tmp_path / "a", data), trained(tmp_path / "b", data)
    other = trained(tmp_path / "c", data, seed=2)
    assert all(torch.equal(tensor, second[name]) for name, tensor in first.items())
    assert not all(torch.equal(tensor, other[name]) for name, tensor in first.items())


def test_a_resumed_run_is_the_uninterrupted_one(tmp_path: Path, data: Path) -> None:
    """The rate follows the share of the planned steps, so both are of the same plan."""
    config, folder = tiny(CONFIGS["paper"]), tmp_path / "b"
    plan = RunPlan(folder, PairSource(data), steps=2, workers=0, session_minutes=0)
    for step in (1, 2):
        trainer = Trainer(config, plan)
        trainer.run()
        assert trainer.step == step
    whole = trained(tmp_path / "a", data, steps=2)
    for name, tensor in whole.items():
        file, key = name.split(" ")
        assert torch.equal(tensor, load_file(folder / file)[key]), name


def test_the_whole_configuration_is_in_every_file_of_a_checkpoint(
    tmp_path: Path, data: Path
) -> None:
    trained(tmp_path / "run", data, steps=1)
    config = tiny(CONFIGS["paper"])
    for file in (WEIGHTS, AVERAGE, OPTIMIZER):
        with safe_open(tmp_path / "run" / file, "pt") as opened:  # pyright: ignore[reportUnknownVariableType] - it has no types
            metadata: dict[str, str] = opened.metadata()  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        assert metadata[SETTINGS].splitlines() == assignments(asdict(config))
    on_disk = json.loads((tmp_path / "run" / CONFIG).read_text())
    assert assignments(on_disk) == assignments(asdict(config))


@pytest.mark.parametrize("name", sorted(CONFIGS))
def test_what_is_printed_is_what_set_takes(name: str) -> None:
    config = CONFIGS[name]
    assert with_overrides(config, assignments(asdict(config))) == config
