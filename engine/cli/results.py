"""Writes a result: the picture, and the pictures of its regions where they are asked for."""

from __future__ import annotations

import shutil
from pathlib import Path

from engine.cli.commands import MaskedComposite, PictureJob
from engine.cli.opened import Opened
from engine.cli.region_overlay import region_overlay
from engine.color.full_size_labels import LabeledView, upsample_labels
from engine.color.picture import Picture
from engine.errors import BadInputError, OutputError
from engine.files import Metadata, check_writable, write_picture
from engine.files.atomic import whole_file, why
from engine.files.png import encode_png
from engine.pipeline import Harmonization


def write_results(job: PictureJob, opened: Opened, result: Harmonization) -> tuple[str, ...]:
    """Write all that the job asks for, the picture first; gives the notes on the picture.

    Each file appears whole or not at all. Raises OutputError; where the picture was written
    before one of the others failed, its sentence says so.
    """
    notes = _write_picture(job, opened, result)
    try:
        _write_regions(job, opened, result)
    except OutputError as error:
        raise OutputError(f"{job.outputs.picture} was written, but {error}") from error
    return notes


def _write_picture(job: PictureJob, opened: Opened, result: Harmonization) -> tuple[str, ...]:
    out = job.outputs.picture
    is_unchanged = result.strength == 0
    if isinstance(job.source, MaskedComposite) and is_unchanged:
        file_format = check_writable(out, result.picture)
        if file_format == opened.file.format:
            _copy_file(job.source.composite, out)
            return ()
    return write_picture(out, result.picture, like=opened.file)


def _copy_file(source: Path, out: Path) -> None:
    """Copy byte for byte: compressing untouched pixels again could only lose."""
    try:
        original = source.open("rb")
    except OSError as error:
        raise BadInputError(f"{source} cannot be read because {why(error)}.") from error
    with original, whole_file(out) as file:
        shutil.copyfileobj(original, file)


def _write_regions(job: PictureJob, opened: Opened, result: Harmonization) -> None:
    outputs, document = job.outputs, opened.document
    if not outputs.shows_regions:
        return
    submasks = result.regions.submasks
    view = LabeledView(result.view.window, result.view.rgb, submasks.labels)
    labels = upsample_labels(view, document.composite, document.mask, document.space)
    if outputs.labels is not None:
        with whole_file(outputs.labels) as file:
            encode_png(file, labels, None, Metadata())
    if outputs.regions is not None:
        overlay = region_overlay(document.composite, document.space, labels, submasks)
        write_picture(outputs.regions, Picture(overlay))
