"""Which layers are results of ours, and of what; kept with the document, without an undo step."""

from __future__ import annotations

import json
from collections.abc import Iterable

from krita import Document, Node

from frih_plugin.hosts.krita.nodes import key_of
from frih_plugin.protocol.messages import Target
from frih_plugin.qt.core import QByteArray

_ANNOTATION = "frih-harmonize/results"
_SEPARATOR = " "


def object_key(nodes: Iterable[Node]) -> str:
    """The panel's key for layers that count as one object."""
    return _SEPARATOR.join(map(key_of, nodes))


def keys_in(layer: str) -> list[str]:
    """The keys of the single layers."""
    return layer.split(_SEPARATOR)


def results_of(document: Document, layer: str, target: Target | None = None) -> set[str]:
    """The keys of earlier results of these layers, or of any of them; some may be gone."""
    sources = set(keys_in(layer))
    return {
        result
        for result, (of, kind) in _read(document).items()
        if sources.intersection(keys_in(of)) and target in (None, kind)
    }


def remember_result(document: Document, result: str, layer: str, target: Target) -> None:
    """Keep what a result was made of."""
    known = {**_read(document), result: (layer, target)}
    content = QByteArray(json.dumps(known).encode())
    document.setAnnotation(_ANNOTATION, "Layers made by FRIH Harmonize", content)


def _read(document: Document) -> dict[str, tuple[str, str]]:
    """What is kept; nothing where it is damaged."""
    try:
        known = json.loads(bytes(memoryview(document.annotation(_ANNOTATION))) or b"{}")
        return {str(key): (str(value[0]), str(value[1])) for key, value in known.items()}
    except (ValueError, AttributeError, LookupError, TypeError):
        return {}
