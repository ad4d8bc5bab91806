"""Reads a photo collection as it lies on disk; called by the store, the packer and the credits.

A folder of plain tar files with STEM.jpg and masks STEM_1.png ..., manifest.csv with a line a
photograph, train.txt and val.txt with lines TAR/STEM.jpg. Or, without those lists, a plain folder
of pictures (plain_folder.py), which is read as if it were one tar of that layout.
"""

from __future__ import annotations

import csv
import re
import tarfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from engine.errors import BadInputError
from training.plain_folder import is_for_val, is_plain, list_masks, list_pictures

Split = Literal["train", "val"]

MANIFEST = "manifest.csv"
MOST_MASKS = 3
_PLAIN = "photos"
"""What a plain folder's photographs have for a tar."""

_SHARE_ALIKE = re.compile(r"\bSA\b")


@dataclass(frozen=True, slots=True)
class PhotoRecord:
    """A photograph's line of the manifest."""

    stem: str
    tar: str
    source: str
    masks: int
    mask_kind: str
    split: str
    licence: str
    origin: str
    original: str

    @property
    def share_alike(self) -> bool:
        """Whether its licence is, or may be, a ShareAlike one."""
        return _SHARE_ALIKE.search(self.licence) is not None


@dataclass(frozen=True, slots=True)
class PhotoFiles:
    """A photograph's files, undecoded: its JPEG (or other picture) and its masks as PNG."""

    tar: str
    stem: str
    photo: bytes
    masks: tuple[bytes, ...]
    plain_name: str | None = None
    """The picture's name in a plain folder."""

    @property
    def photo_name(self) -> str:
        """The picture, for a sentence about it."""
        return self.plain_name or f"{self.stem}.jpg in {self.tar}.tar"

    def mask_name(self, index: int) -> str:
        """A mask, for a sentence about it."""
        place = "" if self.plain_name else f" in {self.tar}.tar"
        return f"{self.stem}_{index + 1}.png{place}"


def list_file(split: Split) -> str:
    """The name of a split's list."""
    return f"{split}.txt"


def read_list(photos: Path, split: Split) -> list[str]:
    """The lines TAR/STEM.jpg of a split. Raises BadInputError when there is no list nor picture."""
    if is_plain(photos):
        return _plain_list(photos, split)
    path = photos / list_file(split)
    if not path.is_file():
        raise BadInputError(f"{path} is missing: give the folder that holds train.txt and val.txt.")
    return path.read_text(encoding="utf-8").split()


def read_manifest(photos: Path) -> dict[str, PhotoRecord]:
    """The manifest by stem. Raises BadInputError when it is missing or lacks a column."""
    if is_plain(photos):
        return {picture.stem: _plain_record(picture) for picture in list_pictures(photos)}
    path = photos / MANIFEST
    try:
        with path.open(newline="", encoding="utf-8") as file:
            return {row["stem"]: _record(row) for row in csv.DictReader(file)}
    except (OSError, KeyError, ValueError) as error:
        raise BadInputError(f"{path} is missing or lacks a column: copy it again.") from error


def _record(row: dict[str, str]) -> PhotoRecord:
    return PhotoRecord(
        stem=row["stem"],
        tar=row["tar"],
        source=row["source"],
        masks=int(row["masks"]),
        mask_kind=row["mask_kind"],
        split=row["split"],
        licence=row["licence"],
        origin=row["origin"],
        original=row["original"],
    )


def read_files(photos: Path, listed: Iterable[str]) -> Iterator[PhotoFiles]:
    """The files that the lines TAR/STEM.jpg name, tar by tar.

    Raises BadInputError naming the tar or file that is missing or damaged.
    """
    if is_plain(photos):
        yield from _plain_files(photos, listed)
        return
    by_tar: dict[str, list[str]] = {}
    for line in listed:
        tar, _, name = line.partition("/")
        by_tar.setdefault(tar, []).append(Path(name).stem)
    for tar, stems in by_tar.items():
        path = photos / f"{tar}.tar"
        try:
            with tarfile.open(path) as archive:
                yield from _files_in(archive, tar, stems)
        except (OSError, tarfile.TarError) as error:
            raise BadInputError(f"{path} is missing or damaged: copy it again.") from error


def _plain_list(photos: Path, split: Split) -> list[str]:
    pictures = list_pictures(photos)
    if not pictures:
        raise BadInputError(
            f"{photos} holds no photographs: give a folder of JPEG or PNG files, or one with "
            "train.txt and val.txt."
        )
    stems = Counter(picture.stem for picture in pictures)
    twice = [stem for stem, count in stems.items() if count > 1]
    if twice:
        raise BadInputError(f"{photos} has two pictures named {twice[0]}: rename one.")
    chosen = [p for p in pictures if is_for_val(p.stem) == (split == "val")]
    return [f"{_PLAIN}/{picture.name}" for picture in chosen]


def _plain_record(picture: Path) -> PhotoRecord:
    return PhotoRecord(
        stem=picture.stem,
        tar=_PLAIN,
        source=_PLAIN,
        masks=len(list_masks(picture, MOST_MASKS)),
        mask_kind="human",
        split="val" if is_for_val(picture.stem) else "train",
        licence="as their owner says",
        origin=picture.parent.name,
        original=picture.name,
    )


def _plain_files(photos: Path, listed: Iterable[str]) -> Iterator[PhotoFiles]:
    pictures = {picture.stem: picture for picture in list_pictures(photos)}
    for line in listed:
        picture = pictures[Path(line).stem]
        try:
            masks = tuple(mask.read_bytes() for mask in list_masks(picture, MOST_MASKS))
            yield PhotoFiles(_PLAIN, picture.stem, picture.read_bytes(), masks, picture.name)
        except OSError as error:
            raise BadInputError(f"{picture} or its mask cannot be read: replace it.") from error


def _files_in(archive: tarfile.TarFile, tar: str, stems: list[str]) -> Iterator[PhotoFiles]:
    members = {member.name.removeprefix("./"): member for member in archive.getmembers()}
    for stem in stems:
        masks = [f"{stem}_{i}.png" for i in range(1, MOST_MASKS + 1)]
        yield PhotoFiles(
            tar,
            stem,
            _content(archive, members, f"{stem}.jpg", tar),
            tuple(_content(archive, members, name, tar) for name in masks if name in members),
        )


def _content(
    archive: tarfile.TarFile, members: dict[str, tarfile.TarInfo], name: str, tar: str
) -> bytes:
    member = members.get(name)
    file = archive.extractfile(member) if member is not None else None
    if file is None:
        raise BadInputError(f"{tar}.tar has no {name}, which the list of photographs names.")
    return file.read()
