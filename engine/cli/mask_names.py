"""Which mask of a folder belongs to which composite, by name alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from engine.errors import BadInputError

PICTURE_ENDINGS = frozenset({".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp"})


def pictures_in(folder: Path) -> list[Path]:
    """The picture files of a folder by name, told by their endings; hidden ones are left out.

    Raises OSError where the folder cannot be read.
    """
    return sorted(
        path
        for path in folder.iterdir()
        if path.suffix.lower() in PICTURE_ENDINGS and not path.name.startswith(".")
        if not path.is_dir()
    )


def masks_by_stem(masks: Iterable[Path]) -> dict[str, list[Path]]:
    """Masks by their name without ending; several where only their endings differ."""
    by_stem: dict[str, list[Path]] = {}
    for mask in masks:
        by_stem.setdefault(mask.stem, []).append(mask)
    return by_stem


def mask_for(composite: Path, masks: Mapping[str, list[Path]]) -> Path:
    """The mask with the longest stem that equals the composite's or is followed by "_" in it.

    masks: from masks_by_stem. Raises BadInputError where there is none, or more than one file of
    that stem.
    """
    for stem in _stems(composite.stem):
        if stem not in masks:
            continue
        first, *others = sorted(masks[stem])
        if others:
            raise BadInputError(
                f"{composite} has two masks, {first.name} and {others[0].name}; keep one of them."
            )
        return first
    raise BadInputError(
        f"{composite} has no mask; name it {composite.stem}.png in the folder of masks."
    )


def _stems(stem: str) -> list[str]:
    """The stem itself, then what stands before each "_", the longest first."""
    cuts = [index for index, letter in enumerate(stem) if letter == "_" and index > 0]
    return [stem, *(stem[:cut] for cut in reversed(cuts))]
