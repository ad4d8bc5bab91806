"""A picture with layers, as one value: every change makes another one that shares the arrays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal, cast

import numpy as np
from numpy.typing import NDArray

from engine.color.picture import Picture, Pixels
from engine.errors import BadInputError
from engine.files.picture_file import Metadata
from engine.view import Box, whole
from frih_plugin.hosts.standalone.document.layer import Layer

Mask = NDArray[np.uint8]
"""(H, W) of the canvas, 255 where fully selected."""

MAX_PIXELS = 100_000_000
"""Larger canvases, files and layers are declined before they are decoded."""


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """A canvas and its layers, bottom first.

    icc: the document's profile, None means sRGB; depth: 8 or 16 bits a channel; selection: soft,
    of the canvas's size, None where nothing is selected; metadata: what the file held beside its
    pixels; settings: a text of the Harmonize panel, kept with the document.
    Raises BadInputError for a canvas without pixels or beyond MAX_PIXELS, and for layers or a
    selection that do not belong to it.
    """

    width: int
    height: int
    icc: bytes | None = None
    depth: Literal[8, 16] = 8
    layers: tuple[Layer, ...] = ()
    selection: Mask | None = None
    metadata: Metadata = field(default_factory=Metadata)
    settings: str | None = None

    def __post_init__(self) -> None:
        check_size("The picture", self.width, self.height)
        for layer in self.layers:
            if layer.picture.white != self.white or layer.picture.icc != self.icc:
                raise BadInputError(
                    f'The layer "{layer.name}" is not in the picture\'s colour space and depth; '
                    "add it by add_picture."
                )
        if len({layer.id for layer in self.layers}) != len(self.layers):
            raise BadInputError("Two layers have the same id; duplicate one by duplicate_layer.")
        if self.selection is not None and self.selection.shape != (self.height, self.width):
            raise BadInputError("The selection must have the picture's size; select again.")

    @property
    def white(self) -> int:
        """The largest value of a channel: 255 or 65535."""
        return (1 << self.depth) - 1

    @property
    def canvas(self) -> Box:
        """The box of the whole canvas."""
        return whole(self.width, self.height)

    def empty(self, *shape: int) -> Pixels:
        """An array of the document's depth, for pixels that are about to be written."""
        return cast("Pixels", np.empty(shape, np.uint8 if self.depth == 8 else np.uint16))

    def layer(self, layer_id: str) -> Layer:
        """The layer with this id. Raises BadInputError where there is none (any more)."""
        return self.layers[self.index(layer_id)]

    def index(self, layer_id: str) -> int:
        """Where the layer is in the stack, 0 at the bottom. Raises BadInputError."""
        for index, layer in enumerate(self.layers):
            if layer.id == layer_id:
                return index
        raise BadInputError("This layer is not in the picture any more; select another one.")

    def with_layers(self, layers: tuple[Layer, ...]) -> Document:
        """The document with another stack of layers."""
        return replace(self, layers=layers)

    def with_layer(self, layer_id: str, change: Callable[[Layer], Layer]) -> Document:
        """The document with one layer changed."""
        at = self.index(layer_id)
        changed = change(self.layers[at])
        return self.with_layers((*self.layers[:at], changed, *self.layers[at + 1 :]))


def new_document(picture: Picture, name: str, metadata: Metadata | None = None) -> Document:
    """A document of one layer, in the picture's own size, colour space and depth."""
    return Document(
        picture.width,
        picture.height,
        picture.icc,
        depth=8 if picture.white == np.iinfo(np.uint8).max else 16,
        layers=(Layer(picture, name),),
        metadata=metadata or Metadata(),
    )


def check_size(subject: str, width: int, height: int) -> None:
    """Raise BadInputError, with `subject` as the sentence's, for sizes that are not worked on."""
    if width < 1 or height < 1:
        raise BadInputError(f"{subject} has no pixels; choose another one.")
    if width * height > MAX_PIXELS:
        raise BadInputError(
            f"{subject} is {width} x {height} pixels, more than the "
            f"{MAX_PIXELS // 1_000_000} megapixels that can be edited here; scale it down or "
            "crop it first."
        )
