"""The threshold below which a composite is left alone keeps what it promises."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from engine.errors import BadInputError
from training.__main__ import main
from training.harmonious import largest_threshold


def write_records(path: Path, *, harmonious: bool) -> Path:
    """Four composites: predicted changes 5, 12, 20 and 40; the second and third get worse."""
    before, after = (600.0, 100.0, 100.0, 900.0), (500.0, 110.0, 120.0, 300.0)
    pictures = [
        {
            "predicted_change": change,
            "harmonious": harmonious and change < 13,
            "composite": {"fmse": first},
            "result": {"fmse": second},
        }
        for change, first, second in zip((5.0, 12.0, 20.0, 40.0), before, after, strict=True)
    ]
    path.write_text(json.dumps({"methods": {"strength 1": {"pictures": pictures}}}))
    return path


def test_at_most_two_percent_of_wrong_composites_fall_below() -> None:
    rng = np.random.default_rng(0)
    change, before = rng.gamma(2, 60, 500), rng.gamma(2, 400, 500)
    threshold = largest_threshold(change, before)
    wrong = change[before > 500]
    assert (wrong < threshold).mean() <= 0.02
    assert (wrong < threshold + 5).mean() > 0.02


def test_without_wrong_composites_there_is_nothing_to_choose_by() -> None:
    with pytest.raises(BadInputError, match="evaluate more"):
        largest_threshold(np.ones(3), np.full(3, 100.0))


def test_table_shows_nothing_left_alone_and_the_shipped_threshold(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    records = write_records(tmp_path / "records.json", harmonious=False)
    assert main(["harmonious", str(records)]) == 0
    rows = capsys.readouterr().out.splitlines()
    assert "| 0.0 | 0.0% | 0.0% | 50.0% |" in rows
    assert "| 13.0 | 50.0% | 50.0% | 25.0% |" in rows


def test_records_of_composites_left_alone_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Their results show the composite, not what the network would have made of it."""
    records = write_records(tmp_path / "records.json", harmonious=True)
    assert main(["harmonious", str(records)]) == 2
    assert "evaluate --harmonious-below 0" in capsys.readouterr().err
