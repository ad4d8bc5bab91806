"""Puts a picture into the document as a layer: in the middle, and small enough to be handled."""

from __future__ import annotations

from dataclasses import replace

from engine.color.conversion import converted
from engine.color.picture import Picture
from frih_plugin.hosts.standalone.document import (
    Document,
    add_picture,
    new_document,
    place_layer,
)
from frih_plugin.hosts.standalone.session import EditorSession
from frih_plugin.texts import text


def in_space_of(picture: Picture, document: Document | None) -> Picture:
    """The picture in the document's colour space and depth; slow, for a thread."""
    if document is None:
        return picture
    return converted(picture, document.icc, document.white)


def put_picture(session: EditorSession, picture: Picture, name: str, step: str) -> None:
    """Add a layer in one undo step, or open the picture where no document is.

    What does not fit on the canvas is shown shrunk; its pixels stay.
    Raises BadInputError for a picture beyond what is edited here.
    """
    document = session.document
    if document is None:
        session.open(new_document(picture, name or text("Layer")), title=name)
        return
    changed, layer = add_picture(document, picture, name)
    share = min(document.width / picture.width, document.height / picture.height)
    if share < 1:
        placement = replace(layer.placement, scale_x=share, scale_y=share)
        changed = place_layer(changed, layer.id, placement)
    session.apply(changed, step, active=(layer.id,))
