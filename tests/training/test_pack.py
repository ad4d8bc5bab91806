"""Packs fit, can be trained from, and are another draw each time; pieces join to what was cut."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import numpy as np
import pytest
from made_photos import HEIGHT, WIDTH, write_photos
from PIL import Image

from engine.errors import BadInputError
from training.__main__ import main
from training.batches import BatchConfig, CompositeBatches
from training.pack import PackOrder, draw_pack, tree_bytes, write_pack
from training.photo_folder import PhotoFiles, read_list, read_manifest
from training.photo_packing import SHORT_SIDE, draw_order, repack
from training.photos import open_store
from training.pieces import join, split


def order(budget_bytes: int = 10**7, seed: int = 1, *, share_alike: bool = True) -> PackOrder:
    return PackOrder(budget_bytes, wanted=8, seed=seed, share_alike=share_alike)


def test_pack_opens_as_a_collection_and_makes_batches(tmp_path: Path) -> None:
    photos = write_photos(tmp_path / "photos", 8)
    drawn, quality = draw_pack(photos, order())
    write_pack(tmp_path / "pack", drawn)
    assert quality == 90
    assert sorted(read_list(tmp_path / "pack", "train")) == sorted(read_list(photos, "train"))
    assert read_list(tmp_path / "pack", "val") == []
    assert read_manifest(tmp_path / "pack") == read_manifest(photos)
    store = open_store(tmp_path / "pack", "train", tmp_path / "cache")
    original = open_store(photos, "train", tmp_path / "cache_of_photos")
    stems = [entry.stem for entry in original.entries]
    for index, entry in enumerate(store.entries):
        same = original[stems.index(entry.stem)]
        assert (store[index].masks == same.masks).all()
        assert np.abs(store[index].pixels.astype(int) - same.pixels).mean() < 3
    config = BatchConfig(size=128, batch=2)
    batch = CompositeBatches(tmp_path / "pack", tmp_path / "cache", config, 1).maker()(0)
    assert batch.composite.shape == (2, 3, 128, 128)


def test_pack_stays_within_its_budget(tmp_path: Path) -> None:
    photos = write_photos(tmp_path / "photos", 12)
    small, quality = draw_pack(photos, order(12_000))
    assert 0 < len(small) < 12
    assert sum(photo.tar_bytes for photo in small) <= 12_000
    assert quality < 90
    with pytest.raises(BadInputError, match="--budget-mb"):
        draw_pack(photos, order(100))


def test_counted_bytes_are_what_a_tar_file_takes(tmp_path: Path) -> None:
    photos = write_photos(tmp_path / "photos", 6)
    drawn, _ = draw_pack(photos, order())
    write_pack(tmp_path / "pack", drawn)
    for tar in ("objects", "plain"):
        counted = sum(p.tar_bytes for p in drawn if p.record.tar == tar)
        size = (tmp_path / "pack" / f"{tar}.tar").stat().st_size
        assert counted <= size <= counted + 10_240


def test_draws_differ_by_seed_and_can_leave_share_alike_out(tmp_path: Path) -> None:
    records = list(read_manifest(write_photos(tmp_path / "photos", 12)).values())
    first, again, other = (draw_order(records, seed, share_alike=True) for seed in (1, 1, 2))
    assert first == again
    assert first != other
    assert len({record.stem for record in first}) == 12
    free = draw_order(records, 1, share_alike=False)
    assert {record.stem for record in free} == {f"photo{n}" for n in range(0, 12, 2)}


def test_draw_favours_sources_of_weight(tmp_path: Path) -> None:
    """With 30 plain photos for each object photo, the rarer source comes early all the same."""
    records = list(read_manifest(write_photos(tmp_path / "photos", 2)).values())
    crowd = [records[0]] * 4 + [records[1]] * 400
    places = [
        np.mean([i for i, r in enumerate(draw_order(crowd, seed, share_alike=True))
                 if r.source == records[0].source])
        for seed in range(20)
    ]  # fmt: skip
    assert np.mean(places) < 0.25 * len(crowd)


def test_large_photos_are_reduced_to_the_short_side(tmp_path: Path) -> None:
    photos = write_photos(tmp_path / "photos", 1)
    record = read_manifest(photos)["photo0"]
    content = io.BytesIO()
    Image.new("RGB", (WIDTH * 4, HEIGHT * 4), "teal").save(content, "JPEG")
    mask = io.BytesIO()
    Image.new("1", (WIDTH * 4, HEIGHT * 4), 1).save(mask, "PNG")
    packed = repack(record, PhotoFiles("t", "s", content.getvalue(), (mask.getvalue(),)), 80)
    assert (packed.height, packed.width) == (SHORT_SIDE, round(WIDTH * SHORT_SIDE / HEIGHT))
    assert Image.open(io.BytesIO(packed.files.photo)).size == (packed.width, packed.height)
    small = Image.open(io.BytesIO(packed.files.masks[0]))
    assert (small.size, small.mode) == ((packed.width, packed.height), "1")


def test_full_folder_is_not_packed_over(tmp_path: Path) -> None:
    photos = write_photos(tmp_path / "photos", 2)
    drawn, _ = draw_pack(photos, order())
    with pytest.raises(BadInputError, match="not empty"):
        write_pack(photos, drawn)


def test_tree_is_what_git_keeps(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)  # noqa: S607 - git is where it is
    (tmp_path / ".gitignore").write_text("ignored\n")
    (tmp_path / "ignored").write_bytes(bytes(5000))
    (tmp_path / "kept").write_bytes(bytes(700))
    assert tree_bytes(tmp_path) == 700 + len("ignored\n")


def test_command_packs_and_says_how_much(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    photos = write_photos(tmp_path / "photos", 4)
    out = tmp_path / "pack"
    arguments = ["pack", "--photos", str(photos), "--out", str(out), "--budget-mb", "1"]
    assert main(arguments) == 0
    assert "4 photographs, JPEG quality 90" in capsys.readouterr().out
    assert main(arguments) == 2
    assert "not empty" in capsys.readouterr().err


def test_pieces_join_to_the_files_they_were_cut_from(tmp_path: Path) -> None:
    first, second = tmp_path / "a.bin", tmp_path / "b.bin"
    first.write_bytes(bytes(range(250)) * 3)
    second.write_bytes(b"short")
    pieces = tmp_path / "pieces"
    names = [path.name for path in split([first, second], pieces, piece_bytes=300)]
    assert names == ["a.bin.000", "a.bin.001", "a.bin.002", "b.bin.000", "pieces.json"]
    assert max(path.stat().st_size for path in pieces.glob("*.00?")) <= 300
    assert main(["join", "--pieces", str(pieces), "--out", str(tmp_path / "out")]) == 0
    assert (tmp_path / "out" / "a.bin").read_bytes() == first.read_bytes()
    (pieces / "a.bin.001").unlink()
    with pytest.raises(BadInputError, match=r"piece of a\.bin is missing"):
        join(pieces, tmp_path / "again")
    assert not (tmp_path / "again").exists()


def test_cutting_again_leaves_no_piece_of_a_longer_file(tmp_path: Path) -> None:
    file = tmp_path / "a.bin"
    for length in (900, 200):
        file.write_bytes(bytes(length))
        split([file], tmp_path / "pieces", piece_bytes=300)
    assert [p.name for p in (tmp_path / "pieces").glob("a.bin.*")] == ["a.bin.000"]
