"""What can be found out from the paths alone, before anything is read."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

from engine.cli.commands import PictureJob
from engine.errors import OutputError
from engine.files import check_writable
from engine.files.atomic import cannot_write


def check_paths(job: PictureJob) -> None:
    """Find out whether all outputs can be written, lie apart and replace no input.

    Raises OutputError.
    """
    outputs = job.outputs
    check_apart(outputs.paths, job.source.files)
    check_lossless(outputs.labels)
    for path in outputs.paths:
        _check_writable(path)


def check_apart(outputs: tuple[Path, ...], inputs: tuple[Path, ...]) -> None:
    """Raise OutputError where two outputs are the same place, or one is an input's."""
    places = Counter(map(_place, outputs))
    read = set(map(_place, inputs))
    for path in outputs:
        if places[_place(path)] > 1:
            raise OutputError(f"{path} is named for two results; choose different names.")
        if _place(path) in read:
            raise OutputError(f"{path} is also an input; choose another name for the result.")


def check_lossless(labels: Path | None) -> None:
    """Raise OutputError where labels would go into a file that may change them."""
    if labels is not None and labels.suffix.lower() != ".png":
        raise OutputError(f"{labels} must be a PNG file, because other formats may change labels.")


def same_place(first: Path, second: Path) -> bool:
    """Whether two paths lead to the same place."""
    return _place(first) == _place(second)


def _check_writable(path: Path) -> None:
    try:
        check_writable(path)
    except OSError as error:  # a folder above it that may not even be looked into
        raise cannot_write(path, error) from error


def _place(path: Path) -> str:
    """Where a path leads; unlike Path.resolve this fails for no path."""
    return os.path.normcase(os.path.realpath(path))
