"""`python -m training pack`: photographs for a machine that cannot hold the collection.

The pack is a photo folder like the collection's, to be given to `--photos`; with the tree, whose
weights are the checkpoint, it stays under 60 MB.
"""

from __future__ import annotations

import argparse
import csv
import io
import subprocess
import tarfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.errors import BadInputError, OutputError
from training.commands import Subparsers
from training.photo_folder import (
    MANIFEST,
    PhotoFiles,
    PhotoRecord,
    list_file,
    read_files,
    read_list,
    read_manifest,
)
from training.photo_packing import (
    PackedPhoto,
    choose_quality,
    draw_order,
    repack,
    take_what_fits,
)

WHOLE_BYTES = 60_000_000
_MARGIN_BYTES = 1_000_000
"""For the manifest, the lists and the ends of tar files."""
_SAMPLE = 60
_SPARE = 1.5
"""Photographs encoded for each wanted one: some fit that the sample did not promise."""

_COLUMNS = (
    "stem", "tar", "source", "width", "height", "masks", "mask_kind", "split", "licence", "origin",
    "original",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PackOrder:
    """What to draw: `wanted` photographs where the budget allows, from a seed."""

    budget_bytes: int
    wanted: int
    seed: int
    share_alike: bool = True


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = subparsers.add_parser("pack", help="draw photographs for a machine with little room")
    parser.add_argument("--photos", type=Path, required=True, help="the whole collection")
    parser.add_argument("--out", type=Path, required=True, help="a new folder")
    parser.add_argument("--seed", type=int, default=1, help="another seed draws other photographs")
    parser.add_argument(
        "--wanted", type=int, default=1600, help="photographs, for the JPEG quality"
    )
    parser.add_argument(
        "--budget-mb", type=float, help="for the photographs (default: 60 less this tree)"
    )
    parser.add_argument("--no-share-alike", action="store_true", help="as given to `train`")


def run(args: argparse.Namespace) -> int:
    """Make the pack and say how big it is."""
    if args.budget_mb is None:
        budget = WHOLE_BYTES - _MARGIN_BYTES - tree_bytes(Path.cwd())
    else:
        budget = round(args.budget_mb * 1e6)
    order = PackOrder(budget, args.wanted, args.seed, share_alike=not args.no_share_alike)
    photos, quality = draw_pack(args.photos, order)
    write_pack(args.out, photos)
    size = sum(file.stat().st_size for file in args.out.iterdir())
    print(  # noqa: T201 - the command's answer
        f"{args.out}: {len(photos)} photographs, JPEG quality {quality}, {size / 1e6:.1f} MB"
    )
    return 0


def tree_bytes(root: Path) -> int:
    """What the files of a checkout take, but those that git ignores. Raises BadInputError."""
    command = ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others"]
    command += ["--exclude-standard"]
    try:
        listed = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - fixed words and the folder
    except (OSError, subprocess.CalledProcessError) as error:
        raise BadInputError("This is no git checkout to measure: give --budget-mb.") from error
    files = (root / name for name in set(listed.stdout.split("\0")) if name)
    return sum(file.stat().st_size for file in files if file.is_file())


def draw_pack(photos: Path, order: PackOrder) -> tuple[list[PackedPhoto], int]:
    """Draw photographs of the train list that fit together, and the JPEG quality they got.

    Raises BadInputError when the collection cannot be used or nothing fits.
    """
    manifest = read_manifest(photos)
    records = [manifest[Path(line).stem] for line in read_list(photos, "train")]
    drawn = draw_order(records, order.seed, share_alike=order.share_alike)
    sample = _with_files(photos, drawn[:_SAMPLE])
    quality = choose_quality(sample, min(order.wanted, len(drawn)), order.budget_bytes)
    candidates = _with_files(photos, drawn[: round(_SPARE * order.wanted)])
    packed = (repack(record, files, quality) for record, files in candidates)
    fitting = take_what_fits(packed, order.budget_bytes)
    if not fitting:
        raise BadInputError("No photograph fits: give a larger --budget-mb.")
    return fitting, quality


def _with_files(
    photos: Path, records: Sequence[PhotoRecord]
) -> list[tuple[PhotoRecord, PhotoFiles]]:
    """The files of records, in the records' order."""
    found = {
        files.stem: files
        for files in read_files(photos, [f"{record.tar}/{record.stem}.jpg" for record in records])
    }
    return [(record, found[record.stem]) for record in records]


def write_pack(out: Path, photos: Sequence[PackedPhoto]) -> None:
    """Write a photo folder: tars, manifest, train.txt and an empty val.txt.

    Raises BadInputError when the folder holds something, OutputError when it cannot be written.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise BadInputError(f"{out} is not empty: name a new folder for the pack.")
    try:
        out.mkdir(parents=True, exist_ok=True)
        for tar in sorted({photo.record.tar for photo in photos}):
            _write_tar(out / f"{tar}.tar", [p.files for p in photos if p.record.tar == tar])
        _write_manifest(out / MANIFEST, photos)
        lines = [f"{photo.record.tar}/{photo.record.stem}.jpg\n" for photo in photos]
        (out / list_file("train")).write_text("".join(sorted(lines)), encoding="utf-8")
        (out / list_file("val")).write_text("", encoding="utf-8")
    except OSError as error:
        raise OutputError(f"{out} cannot be written: make room, or choose another.") from error


def _write_tar(path: Path, photos: Sequence[PhotoFiles]) -> None:
    with tarfile.open(path, "w", format=tarfile.USTAR_FORMAT) as archive:
        for photo in photos:
            _add(archive, f"{photo.stem}.jpg", photo.photo)
            for number, mask in enumerate(photo.masks, start=1):
                _add(archive, f"{photo.stem}_{number}.png", mask)


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(content)
    archive.addfile(member, io.BytesIO(content))


def _write_manifest(path: Path, photos: Sequence[PackedPhoto]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(_COLUMNS)
        for photo in photos:
            r = photo.record
            writer.writerow(
                (r.stem, r.tar, r.source, photo.width, photo.height, r.masks, r.mask_kind, r.split,
                 r.licence, r.origin, r.original)
            )  # fmt: skip
