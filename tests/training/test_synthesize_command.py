"""`synthesize` measures, draws and writes composites; the recipe's sizes are iHarmony4's."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from made_photos import write_photos
from PIL import Image

from training import synthesize
from training.__main__ import main
from training.batches import CompositeBatches
from training.config import CONFIGS
from training.iharmony import load_triples
from training.synthesize import IHARMONY4_FMSE, PERCENTILES, fmse, recipe, usual


def arguments(tmp_path: Path, *more: str) -> list[str]:
    photos = write_photos(tmp_path / "photos")
    return ["synthesize", "--photos", str(photos), "--cache", str(tmp_path / "cache"),
            "--config", "photos-128", *more]  # fmt: skip


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(synthesize, "_MEASURED", 16)


def test_written_composites_can_be_read_back(tmp_path: Path) -> None:
    out = tmp_path / "made"
    more = ("--out", str(out), "--count", "18", "--set", "batches.degrade.share=1")
    assert main(arguments(tmp_path, *more)) == 0
    triples = load_triples(out, "IHD_train.txt")
    assert len(triples) == 18
    last = triples[17]
    composite, real = (np.asarray(Image.open(path), int) for path in (last.composite, last.real))
    assert composite.shape == real.shape == (128, 128, 3)
    outside = np.asarray(Image.open(last.mask)) == 0
    assert np.abs(composite - real)[outside].mean() < 2


def test_folder_in_use_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "made" / "composite_images").mkdir(parents=True)
    assert main(arguments(tmp_path, "--out", str(tmp_path / "made"))) == 2
    assert "already" in capsys.readouterr().err


def test_sheet_has_a_row_a_family_and_statistics_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = tmp_path / "sheet.png"
    assert main(arguments(tmp_path, "--sheet", str(sheet), "--statistics", "--family", "veil")) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["percentile", "iHarmony4", "all", "veil"]
    with Image.open(sheet) as drawn:
        width, height = drawn.size
    assert width == 4 * (3 * 132 + 4)
    assert height == 16 + 132


def test_sheet_that_cannot_be_written_is_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments(tmp_path, "--sheet", str(tmp_path / "none" / "sheet.png"))) == 2
    assert "cannot be written" in capsys.readouterr().err


@pytest.mark.full
def test_sizes_of_changes_are_iharmony4s(photos_dir: Path, tmp_path: Path) -> None:
    """Median, 5 and 95 % of the usual composites within 20 %."""
    config = usual(recipe(CONFIGS["photos-128"].batches, None))
    batches = CompositeBatches(photos_dir, tmp_path / "cache", config, seed=1)
    batches.split = "val"  # decoded in seconds
    found = np.percentile(fmse(batches.maker(), 768).numpy(), PERCENTILES)
    for place in (0, 2, 4):
        assert found[place] == pytest.approx(IHARMONY4_FMSE[place], rel=0.2)


def test_photos_128_base_makes_every_family_by_default() -> None:
    config = CONFIGS["photos-128-base"].batches
    assert set(config.synthesis.shares) == set(synthesize.FAMILIES)
    assert sum(config.synthesis.shares.values()) == pytest.approx(1)
    assert config.cutouts.wrong > 0
    assert config.degrade.share > 0
    assert replace(config, size=256).synthesis == config.synthesis
