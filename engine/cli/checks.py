"""What can be found out from the paths alone, before anything is read."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from engine.cli.commands import PictureJob
from engine.errors import OutputError
from engine.files import check_writable


def check_paths(job: PictureJob) -> None:
    """Find out whether all outputs can be written, lie apart and replace no input.

    Raises OutputError.
    """
    outputs = job.outputs
    check_apart(outputs.paths, job.source.files)
    check_lossless(outputs.labels)
    for path in outputs.paths:
        check_writable(path)


def check_apart(outputs: tuple[Path, ...], inputs: tuple[Path, ...]) -> None:
    """Raise OutputError where two outputs are the same place, or one is an input's."""
    places = Counter(path.resolve() for path in outputs)
    read = {path.resolve() for path in inputs}
    for path in outputs:
        if places[path.resolve()] > 1:
            raise OutputError(f"{path} is named for two results; choose different names.")
        if path.resolve() in read:
            raise OutputError(f"{path} is also an input; choose another name for the result.")


def check_lossless(labels: Path | None) -> None:
    """Raise OutputError where labels would go into a file that may change them."""
    if labels is not None and labels.suffix.lower() != ".png":
        raise OutputError(f"{labels} must be a PNG file, because other formats may change labels.")
