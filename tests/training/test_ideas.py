"""The comparison of ideas: every row is a config, scores are plain, finished rows are kept."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from iharmony_folder import write_set
from made_photos import write_photos
from PIL import Image

from benchmarks import idea_rows, ideas
from benchmarks.idea_rows import BASES, IDEAS, Idea
from benchmarks.idea_scores import read_held_out, score_network
from benchmarks.idea_table import markdown, read_rows
from engine.errors import BadInputError
from engine.network.frih import FRIH
from training.batches import SOURCE_FACTORS, BatchConfig, photo_weights
from training.config import TrainingConfig
from training.photos import open_store


def tiny(config: TrainingConfig) -> TrainingConfig:
    widths = dict.fromkeys(("encoder", "decoder", "cascade_encoder", "transfer"), (8,) * 7)
    network = replace(config.network, **widths, cascade_decoder=(8,) * 7, head=4)
    optimizer = replace(config.optimizer, average=None, warmup_steps=0, bfloat16=False)
    return replace(
        config, network=network, optimizer=optimizer, batches=replace(config.batches, batch=2)
    )


@pytest.mark.parametrize("idea", IDEAS.values(), ids=list(IDEAS))
def test_every_idea_is_a_config_of_its_own(idea: Idea) -> None:
    FRIH(idea.config.trained)
    same = [other for other in IDEAS.values() if other.config == idea.config]
    assert same == [idea]


def test_an_untrained_network_scores_as_the_composite(tmp_path: Path) -> None:
    write_set(tmp_path, {"f1_1_1": 30, "f2_1_1": 60})
    held_out = read_held_out(tmp_path, 128)
    assert held_out.composite.shape == held_out.real.shape == (2, 3, 128, 128)
    assert held_out.mask.shape == (2, 1, 128, 128)
    network = FRIH(tiny(BASES[idea_rows.TWO_STAGES]).network)
    scores = score_network(network, held_out, BatchConfig(size=128))
    assert (scores.mean_ratio, scores.median_ratio, scores.worse) == (1, 1, 0)


def test_a_network_that_darkens_too_little_and_too_much(tmp_path: Path) -> None:
    """Composites are 30 and 60 levels too bright; 40 levels darker leave 1/9 of either error."""
    write_set(tmp_path, {"f1_1_1": 30, "f2_1_1": 60})
    network = FRIH(tiny(BASES[idea_rows.ONE_STAGE]).trained)
    assert network.base.head is not None
    with torch.no_grad():
        network.base.head.bias.fill_(-40 / 255)  # pyright: ignore[reportOptionalMemberAccess] - it has one
    scores = score_network(network, read_held_out(tmp_path, 128), BatchConfig(size=128))
    assert scores.mean_ratio == pytest.approx(1 / 9, rel=0.1)
    assert scores.worse == 0
    with torch.no_grad():
        network.base.head.bias.fill_(40 / 255)  # pyright: ignore[reportOptionalMemberAccess]
    assert score_network(network, read_held_out(tmp_path, 128), BatchConfig(size=128)).worse == 1


def test_an_empty_mask_is_named(tmp_path: Path) -> None:
    write_set(tmp_path, {"f1_1_1": 30})
    path = tmp_path / "masks" / "f1_1.png"
    with Image.open(path) as mask:
        Image.new("L", mask.size).save(path)
    with pytest.raises(BadInputError, match=r"f1_1\.png is empty"):
        read_held_out(tmp_path, 128)


def test_sources_of_equal_weight_count_by_their_size_alone(tmp_path: Path) -> None:
    store = open_store(write_photos(tmp_path / "photos", count=4), "train", tmp_path / "cache")
    weighted = [replace(entry, source="coco_by" if at == 0 else "other")
                for at, entry in enumerate(store.entries)]  # fmt: skip
    factor = SOURCE_FACTORS["coco_by"]
    chances = photo_weights(weighted, share_alike=True)
    assert chances[0] / chances[1] == pytest.approx(factor * 3**0.5)
    chances = photo_weights(weighted, share_alike=True, equal=True)
    assert chances[0] / chances[1] == pytest.approx(3**0.5)


def test_rows_are_trained_once_and_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for base, config in BASES.items():
        monkeypatch.setitem(BASES, base, tiny(config))
    write_set(tmp_path / "set", {"f1_1_1": 30, "f2_1_1": 60})
    photos = write_photos(tmp_path / "photos")
    arguments = [
        "--photos", str(photos), "--cache", str(tmp_path / "cache"), "--v", str(tmp_path / "set"),
        "--r", str(tmp_path / "set"), "--runs", str(tmp_path / "runs"), "--workers", "0",
        "--steps", "2", "--only", "both stages", "no colour map",
    ]  # fmt: skip
    assert ideas.main(arguments) == 0
    rows = read_rows(tmp_path / "runs" / "ideas.json")
    assert [(row.name, row.steps) for row in rows] == [("no colour map", 2), ("both stages", 1)]
    assert "V, d_c 0.2" in rows[1].scores
    assert [path.name for path in (tmp_path / "runs").iterdir() if path.is_dir()] == []
    assert markdown(rows) == (tmp_path / "runs" / "ideas.md").read_text()
    capsys.readouterr()
    monkeypatch.setattr(ideas, "Trainer", None)
    assert ideas.main(arguments) == 0, "nothing is left to train"
    assert "| no colour map | `network.color_map=false` | " in capsys.readouterr().out


@pytest.mark.parametrize("content", ["[", "[{}]", json.dumps([{"name": "base"}])])
def test_a_damaged_file_of_rows_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "ideas.json").write_text(content)
    with pytest.raises(BadInputError, match=r"ideas\.json holds no rows"):
        read_rows(tmp_path / "ideas.json")
