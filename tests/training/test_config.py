"""Named configurations mean what the paper and the notes say; settings are changed by name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.errors import BadInputError
from engine.network.config import ABLATIONS, DEFAULT
from training.batches import BatchConfig
from training.config import CONFIGS, TrainingConfig
from training.overrides import with_overrides
from training.schedule import OptimizerConfig, learning_rate
from training.train import epochs_to_steps

IHARMONY4_TRAIN = 65_742


def test_paper_is_the_papers_training() -> None:
    paper = CONFIGS["paper"]
    assert paper.network == ABLATIONS["frih"]
    assert (paper.network.output, paper.network.color_map) == ("rgb", False)
    batches, loss, optimizer = paper.batches, paper.loss, paper.optimizer
    assert (batches.size, batches.batch, batches.cutoff_distances) == (256, 128, (0.1,))
    assert (batches.min_area, batches.boolean_mask) == (0, True)
    assert (loss.min_area, loss.relative_floor, loss.paste_coarse) == (100, None, False)
    assert (optimizer.learning_rate, optimizer.weight_decay) == (0.008, 0)
    assert (optimizer.warmup_steps, optimizer.gradient_clip, optimizer.average) == (0, None, None)
    assert not optimizer.bfloat16


def test_paper_divides_the_rate_by_ten_at_epochs_160_and_175() -> None:
    optimizer = CONFIGS["paper"].optimizer
    rates = [learning_rate(optimizer, 10**5, epoch / 180) for epoch in (0, 159, 160, 174, 175, 179)]
    assert rates == pytest.approx([8e-3, 8e-3, 8e-4, 8e-4, 8e-5, 8e-5])
    assert CONFIGS["paper"].epochs == 180
    assert epochs_to_steps(180, IHARMONY4_TRAIN, 128) == 92_450


@pytest.mark.parametrize("row", ["baseline", "cascade-global-mask", "cascade-submasks"])
def test_ablations_differ_from_the_paper_by_their_network_alone(row: str) -> None:
    ablation = CONFIGS[f"paper-{row}"]
    assert ablation.network == ABLATIONS[row]
    assert ablation.batches.submasks == (row == "cascade-submasks")
    same = replace(
        ablation, name="paper", network=ABLATIONS["frih"], batches=CONFIGS["paper"].batches
    )
    assert same == CONFIGS["paper"]


def test_default_rate_warms_up_stays_and_falls() -> None:
    optimizer = OptimizerConfig(learning_rate=1.0, warmup_steps=100, flat=0.5)
    assert learning_rate(optimizer, 49, 0.01) == pytest.approx(0.5)
    assert learning_rate(optimizer, 200, 0.5) == 1
    assert learning_rate(optimizer, 200, 0.75) == pytest.approx(0.505)
    assert learning_rate(optimizer, 200, 1.0) == pytest.approx(0.01)


def test_settings_are_changed_by_path() -> None:
    changed = with_overrides(
        CONFIGS["photos"],
        [
            "optimizer.learning_rate=3e-4",
            "optimizer.average=none",
            "batches.batch=8",
            "batches.share_alike=false",
            "batches.cutoff_distances=0.1,0.2",
            "batches.synthesis.shares.grade=0.5",
            "network.stage2=global mask",
            "network.map_degree=1",
        ],
    )
    assert changed.optimizer.learning_rate == 3e-4
    assert changed.optimizer.average is None
    assert changed.batches.batch == 8
    assert not changed.batches.share_alike
    assert changed.batches.cutoff_distances == (0.1, 0.2)
    assert changed.batches.synthesis.shares["grade"] == 0.5
    assert changed.network.stage2 == "global mask"
    assert changed.network.map_degree == 1
    assert CONFIGS["photos"].batches.synthesis.shares["grade"] != 0.5


@pytest.mark.parametrize(
    ("assignment", "reason"),
    [
        ("batches.batch", "path=value"),
        ("batches.batches=3", "there is no batches; there are batch,"),
        ("batches.batch=many", "invalid literal"),
        ("batches.batch=0", "from 1"),
        ("batches.size=200", "multiple of 128"),
        ("batches.share_alike=maybe", "one of true, false"),
        ("batches.cutoff_distances=2", "cutoff distance"),
        ("batches.foregrounds.ratio_shares=0.5,0.5", "takes 3 values"),
        ("optimizer=fast", "settings of its own"),
        ("optimizer.learning_rate=-1", "learning_rate"),
        ("network.stage2=third", "one of none, global mask, submasks"),
        ("network.map_degree=3", "one of 1, 2"),
        ("network.head_level=9", "head_level is 9"),
        ("loss.light=moon", "one of srgb, linear"),
        ("seed.more=1", "there is no more"),
    ],
)
def test_unusable_setting_is_named_with_its_reason(assignment: str, reason: str) -> None:
    with pytest.raises(BadInputError, match=reason) as caught:
        with_overrides(CONFIGS["photos"], [assignment])
    assert caught.value.sentence.startswith(f"--set {assignment}")


def test_cascade_over_submasks_needs_submasks() -> None:
    with pytest.raises(ValueError, match=r"batches\.submasks"):
        TrainingConfig("wrong", batches=BatchConfig(submasks=False))
    TrainingConfig("right", base_only=True, batches=BatchConfig(submasks=False))


def test_stage_one_alone_is_the_same_network_without_its_cascade() -> None:
    assert CONFIGS["photos-128-base"].trained == replace(DEFAULT, stage2="none")
