"""Reads what a command names into a document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from engine.cli.commands import MaskedComposite, PastedLayer, Source
from engine.document import Document, masked_composite, placed_layer
from engine.files import PictureFile, fit_mask_to, read_mask, read_picture


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """A document, and the file whose format, metadata and orientation its result keeps.

    file: the composite's, or the background's where there is a layer.
    """

    document: Document
    file: PictureFile


def open_source(source: Source) -> Opened:
    """Read all files of a source. Raises BadInputError with a sentence for each thing amiss."""
    match source:
        case MaskedComposite():
            file = read_picture(source.composite)
            mask = fit_mask_to(file, read_mask(source.mask))
            return Opened(masked_composite(file.picture, mask), file)
        case PastedLayer():
            file, layer = read_picture(source.background), read_picture(source.layer)
            selection = None
            if source.selection is not None:
                selection = fit_mask_to(layer, read_mask(source.selection))
            document = placed_layer(
                file.picture, layer.picture, source.at, selection, overwrite=True
            )
            return Opened(document, file)
        case _:
            assert_never(source)
