"""Which layers are the object to harmonize, and which are earlier results of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, cast

from frih_plugin.hosts.standalone.document.document import Document
from frih_plugin.hosts.standalone.document.layer import Layer

_SEPARATOR = " "
_ORIGIN = "frih-origin"

Role = Literal["object", "background"]


@dataclass(frozen=True, slots=True)
class Origin:
    """What a result was made from, kept with its layer: source ids, its role, the settings."""

    sources: tuple[str, ...]
    role: Role
    settings: str

    def as_text(self) -> str:
        """For Layer.settings."""
        content = {"sources": self.sources, "role": self.role, "settings": self.settings}
        return json.dumps({_ORIGIN: content})


def key_of(layer_ids: Sequence[str]) -> str:
    """The panel's key for layers that count as one object."""
    return _SEPARATOR.join(layer_ids)


def layers_of(document: Document, key: str) -> list[Layer]:
    """The layers behind a key, bottom first. Raises BadInputError where one is gone."""
    wanted = [document.layer(layer_id) for layer_id in key.split(_SEPARATOR)]
    return sorted(wanted, key=lambda layer: document.index(layer.id))


def origin_of(layer: Layer) -> Origin | None:
    """Where a layer comes from, if it is a result of ours; a text of anybody else is none."""
    try:
        content = json.loads(layer.settings or "")[_ORIGIN]
        sources = tuple(str(source) for source in content["sources"])
        role = cast("Role", content["role"])
        return Origin(sources, role, str(content["settings"])) if sources else None
    except (ValueError, KeyError, TypeError):
        return None


def results_of(document: Document, sources: Sequence[Layer]) -> list[Layer]:
    """The earlier results of these layers, or of any of them."""
    ids = {source.id for source in sources}
    origins = ((layer, origin_of(layer)) for layer in document.layers)
    return [layer for layer, origin in origins if origin and ids.intersection(origin.sources)]
