"""One layer: its own pixels, where they lie, and how they meet what is below."""

from __future__ import annotations

import itertools
import secrets
from dataclasses import dataclass, field, replace

from engine.color.blending import BlendMode
from engine.color.picture import Picture
from engine.errors import BadInputError
from engine.view import Box
from frih_plugin.hosts.standalone.document.placement import Placement

_stamps = itertools.count(1)


def new_layer_id() -> str:
    """A key that no other layer has, also after saving and opening."""
    return secrets.token_hex(8)


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """A layer is never changed; `with_changes` makes another one with the same id.

    picture: pixels in the document's space and depth, alpha None for opaque; opacity: 0 to 1;
    settings: a text of the Harmonize panel, kept with the layer; revision: a stamp that differs
    whenever picture, placement, opacity or mode do, and comes back on undo.
    Raises BadInputError for an opacity outside 0 to 1.
    """

    picture: Picture
    name: str
    id: str = field(default_factory=new_layer_id)
    placement: Placement = field(default_factory=Placement)
    is_visible: bool = True
    opacity: float = 1.0
    mode: BlendMode = BlendMode.NORMAL
    is_locked: bool = False
    settings: str | None = None
    revision: int = field(default_factory=lambda: next(_stamps))

    def __post_init__(self) -> None:
        if not 0 <= self.opacity <= 1:
            raise BadInputError(f"The opacity must be between 0 and 1, not {self.opacity}.")

    @property
    def bounds(self) -> Box:
        """The pixels of the canvas that the layer touches; they may lie outside of it."""
        return self.placement.bounds(self.picture.width, self.picture.height)

    def looks_like(self, other: Layer) -> bool:
        """Whether the two show the same, whatever they are called."""
        if not self.is_visible and not other.is_visible:
            return True
        return self.is_visible == other.is_visible and _is_painted_alike(self, other)


def with_changes(layer: Layer, **changes: object) -> Layer:
    """The layer with other fields; a new revision only where what is painted changes."""
    changed: Layer = replace(layer, **changes)  # pyright: ignore[reportArgumentType] - by name
    if _is_painted_alike(layer, changed):
        return changed
    return replace(changed, revision=next(_stamps))


def _is_painted_alike(layer: Layer, other: Layer) -> bool:
    return (
        layer.picture is other.picture
        and layer.placement == other.placement
        and layer.opacity == other.opacity
        and layer.mode is other.mode
    )
