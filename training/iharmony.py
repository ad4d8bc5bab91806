"""Reads data sets in iHarmony4's layout: composites, masks and truths, named by a split file.

    ROOT/composite_images/PHOTO_MASK_VERSION.jpg   ROOT/masks/PHOTO_MASK.png
    ROOT/real_images/PHOTO.jpg                     ROOT/HCOCO_test.txt

ROOT is one sub-dataset, or the folder that holds HCOCO, HAdobe5k, HFlickr and Hday2night. Split
files are DoveNet's: one composite a line, with or without the folders before its name. Called by
evaluation, and by training from such a set (iharmony_views).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from engine.errors import BadInputError

COMPOSITES, MASKS, REALS = "composite_images", "masks", "real_images"
DESCRIPTIONS = "bench.csv"
"""Beside a split file, where there is one: name, kind and subset of each composite."""

_SUBSETS = {"a": "HAdobe5k", "c": "HCOCO", "d": "Hday2night", "f": "HFlickr"}
_PUBLISHED = "published"


@dataclass(frozen=True, slots=True)
class Triple:
    """A composite with its mask and its truth; kind tells how the composite came about."""

    name: str
    subset: str
    kind: str
    composite: Path
    mask: Path
    real: Path


def load_triples(root: Path, split: str | None = None) -> list[Triple]:
    """The triples that a split file names, in its order; every file is known to exist.

    split: the file's name in `root`; None takes the one that ends in `_test.txt` (IHD_test.txt,
    all four sub-datasets, before others).
    Raises BadInputError naming what is missing or no text: folder, split file, composite, mask or
    truth.
    """
    list_file = _split_file(root, split)
    described = _descriptions(root)
    lines = [line.strip() for line in _text(list_file).splitlines()]
    triples = [_triple(root, list_file, line, described) for line in lines if line]
    if not triples:
        raise BadInputError(f"{list_file} names no composites: write one file name a line.")
    return triples


def _split_file(root: Path, split: str | None) -> Path:
    if not root.is_dir():
        raise BadInputError(f"There is no folder {root}: give a data set in iHarmony4's layout.")
    if split is None:
        found = sorted(root.glob("*_test.txt"), key=lambda path: (path.stem != "IHD_test", path))
        if not found:
            raise BadInputError(f"{root} has no split file such as IHD_test.txt: add or name one.")
        return found[0]
    if not (root / split).is_file():
        raise BadInputError(f"The split file {root / split} is missing: add or name another.")
    return root / split


def _descriptions(root: Path) -> dict[str, dict[str, str]]:
    path = root / DESCRIPTIONS
    if not path.is_file():
        return {}
    rows = csv.DictReader(_text(path).splitlines())
    if "name" not in (rows.fieldnames or ()):
        raise BadInputError(f"{path} has no column `name`: mend it or take the file away.")
    return {row["name"]: row for row in rows}


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInputError(f"{path} cannot be read as text: get a fresh copy of it.") from error


def _triple(root: Path, list_file: Path, line: str, described: dict[str, dict[str, str]]) -> Triple:
    named = PurePosixPath(line.replace("\\", "/"))
    parts = named.stem.rsplit("_", 2)
    if len(parts) != 3:
        raise BadInputError(f"{list_file}: {line} is not named PHOTO_MASK_VERSION.jpg.")
    photo, mask, _ = parts
    row = described.get(named.stem, {})
    subset = row.get("subset") or _SUBSETS.get(named.stem[0], "other")
    folder = _folder(root, list_file, named, subset)
    triple = Triple(
        name=named.stem,
        subset=subset,
        kind=row.get("kind") or _PUBLISHED,
        composite=folder / COMPOSITES / named.name,
        mask=folder / MASKS / f"{photo}_{mask}.png",
        real=folder / REALS / f"{photo}.jpg",
    )
    _check_files(triple, list_file)
    return triple


def _folder(root: Path, list_file: Path, named: PurePosixPath, subset: str) -> Path:
    """The sub-dataset's folder: named by the line, or the root, or below it by the split's name."""
    before = [part for part in named.parent.parts if part != COMPOSITES]
    if before:
        inside = root.joinpath(*before)
        return root if not inside.is_dir() and before == [root.name] else inside
    if (root / COMPOSITES).is_dir():
        return root
    by_split = root / list_file.stem.rsplit("_", 1)[0]
    return by_split if by_split.is_dir() else root / subset


def _check_files(triple: Triple, list_file: Path) -> None:
    for what, path in (
        ("composite", triple.composite),
        ("mask", triple.mask),
        ("real photo", triple.real),
    ):
        if not path.is_file():
            raise BadInputError(
                f"The {what} {path} of {triple.name} is missing: add it, or take the line out of "
                f"{list_file.name}."
            )
