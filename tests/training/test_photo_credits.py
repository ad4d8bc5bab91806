"""The attribution of the photographs, and what the model card says about them."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_photos import write_photos

from training.__main__ import main
from training.photo_credits import credits_text, trained_on

WEIGHTS = Path(__file__).resolve().parents[2] / "engine" / "weights"


def test_every_photograph_is_counted_and_named(tmp_path: Path) -> None:
    records = trained_on(write_photos(tmp_path), share_alike=True)
    text = credits_text(records, share_alike=True)
    count = sum(record.share_alike for record in records)
    assert 0 < count < len(records)
    assert f"learnt from {len(records)} photographs" in text
    assert f" {count} of the photographs are, or may be, under ShareAlike licences." in text
    assert all(record.original in text for record in records)


def test_share_alike_photographs_can_be_left_out(tmp_path: Path) -> None:
    out = tmp_path / "CREDITS.md"
    photos = write_photos(tmp_path / "photos")
    command = ["credits", "--photos", str(photos), "--out", str(out), "--no-share-alike"]
    assert main(command) == 0
    text = out.read_text()
    assert "ShareAlike licences were left out" in text
    assert "BY-SA" not in text


@pytest.mark.full
def test_shipped_credits_and_card_count_the_photographs(photos_dir: Path) -> None:
    records = trained_on(photos_dir, share_alike=True)
    shipped = (WEIGHTS / "CREDITS.md").read_text(encoding="utf-8")
    assert shipped == credits_text(records, share_alike=True)
    card = (WEIGHTS / "MODEL_CARD.md").read_text(encoding="utf-8")
    kept = (photos_dir / "val.txt").read_text(encoding="utf-8").split()
    count = sum(record.share_alike for record in records)
    assert f"{len(records):,} photographs under open licences" in card
    assert f"{len(kept)} more were kept" in card
    assert f"{count:,} of the {len(records):,} are, or may be, under ShareAlike licences" in card
