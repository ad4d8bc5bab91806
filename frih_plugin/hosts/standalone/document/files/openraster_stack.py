"""stack.xml of an OpenRaster file: its layers as data, read with suspicion and written plainly."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from engine.color.blending import BlendMode
from engine.errors import BadInputError

NAMESPACE = "urn:frih-harmonize:openraster"
"""Of the attributes that only we write: ids, and the texts of the Harmonize panel."""

_MAX_DEPTH = 64
_MAX_LAYERS = 500
_FARTHEST_PX = 10_000_000
_ILLEGAL = dict.fromkeys((*range(32), 0xFFFE, 0xFFFF), "\ufffd") | {9: " ", 10: " ", 13: " "}
_GROUP_NOTE = (
    "Layer groups were taken apart; a group's own opacity or blend mode may look different now."
)
_MODE_NOTE = "The blend mode of some layers is not known here; they are shown as normal."
_KIND_NOTE = "Layers that are not pictures were left out."


@dataclass(frozen=True, slots=True)
class StackLayer:
    """One layer as the file describes it. source: the name of its picture in the file."""

    source: str
    name: str = ""
    left: int = 0
    top: int = 0
    opacity: float = 1.0
    is_visible: bool = True
    mode: BlendMode = BlendMode.NORMAL
    is_locked: bool = False
    id: str | None = None
    settings: str | None = None


@dataclass(frozen=True, slots=True)
class Stack:
    """The canvas and its layers, bottom first; notes: sentences on what is not taken over."""

    width: int
    height: int
    layers: tuple[StackLayer, ...]
    settings: str | None = None
    notes: tuple[str, ...] = ()


def read_stack(xml: bytes) -> Stack:
    """Read stack.xml; groups are taken apart, and unknown entries left out.

    Raises BadInputError, its message meant to follow the file's name, for bad XML, a document type
    (which could make a small file grow without end), a missing size, and too many layers.
    """
    reader = _Reader()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.StartDoctypeDeclHandler = _refuse_document_type
    try:
        parser.Parse(xml, True)  # noqa: FBT003 - expat takes it by position
    except (expat.ExpatError, ValueError) as error:
        raise BadInputError("has a damaged stack.xml; get a fresh copy of it.") from error
    return reader.stack()


def write_stack(stack: Stack) -> bytes:
    """Write stack.xml, top layer first as OpenRaster wants it."""
    head = {"version": "0.0.5", "w": stack.width, "h": stack.height}
    head |= {"xmlns:frih": NAMESPACE} | _own("settings", stack.settings)
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', _tag("image", head, ">"), "<stack>"]
    lines += [_tag("layer", _attributes_of(layer), "/>") for layer in reversed(stack.layers)]
    return "\n".join([*lines, "</stack>", "</image>", ""]).encode()


@dataclass(frozen=True, slots=True)
class _Group:
    left: int = 0
    top: int = 0
    opacity: float = 1.0
    is_visible: bool = True


@dataclass(slots=True)
class _Reader:
    """Collects what the parser meets; layers come top first."""

    head: dict[str, str] | None = None
    groups: list[_Group] = field(default_factory=lambda: [_Group()])
    layers: list[StackLayer] = field(default_factory=list[StackLayer])
    notes: set[str] = field(default_factory=set[str])

    def start(self, element: str, attributes: dict[str, str]) -> None:
        if element == "image" and self.head is None:
            self.head = attributes
        elif element == "stack":
            self._open_group(attributes)
        elif element == "layer":
            self._add_layer(attributes)
        else:
            self.notes.add(_KIND_NOTE)

    def end(self, element: str) -> None:
        if element == "stack":
            self.groups.pop()

    def stack(self) -> Stack:
        head = self.head or {}
        try:
            width, height = int(head["w"]), int(head["h"])
        except (KeyError, ValueError) as error:
            raise BadInputError("does not say how large it is; get a fresh copy of it.") from error
        layers = tuple(reversed(self.layers))
        return Stack(width, height, layers, _own_text(head, "settings"), tuple(sorted(self.notes)))

    def _open_group(self, attributes: dict[str, str]) -> None:
        if len(self.groups) > _MAX_DEPTH:
            raise BadInputError("nests its layer groups too deeply; merge some of them first.")
        outer = self.groups[-1]
        opacity, is_normal = _opacity(attributes), _mode(attributes) is BlendMode.NORMAL
        if len(self.groups) > 1 and (opacity < 1 or not is_normal):
            self.notes.add(_GROUP_NOTE)
        self.groups.append(
            _Group(
                outer.left + _offset(attributes, "x"),
                outer.top + _offset(attributes, "y"),
                outer.opacity * opacity,
                outer.is_visible and _is_visible(attributes),
            )
        )

    def _add_layer(self, attributes: dict[str, str]) -> None:
        if len(self.layers) >= _MAX_LAYERS:
            raise BadInputError(f"has more than {_MAX_LAYERS} layers; merge some of them first.")
        group, mode = self.groups[-1], _mode(attributes)
        if mode is None:
            self.notes.add(_MODE_NOTE)
        self.layers.append(
            StackLayer(
                source=attributes.get("src", ""),
                name=attributes.get("name", ""),
                left=group.left + _offset(attributes, "x"),
                top=group.top + _offset(attributes, "y"),
                opacity=group.opacity * _opacity(attributes),
                is_visible=group.is_visible and _is_visible(attributes),
                mode=mode or BlendMode.NORMAL,
                is_locked=attributes.get("edit-locked") == "true",
                id=_own_text(attributes, "id"),
                settings=_own_text(attributes, "settings"),
            )
        )


def _refuse_document_type(*_: object) -> None:
    raise BadInputError(
        "holds an XML document type, which no OpenRaster file needs and which is unsafe; "
        "save it again in another editor."
    )


def _opacity(attributes: dict[str, str]) -> float:
    try:
        opacity = float(attributes.get("opacity", "1"))
    except ValueError:
        return 1.0
    return min(max(opacity, 0.0), 1.0) if math.isfinite(opacity) else 1.0


def _offset(attributes: dict[str, str], name: str) -> int:
    try:
        return min(max(int(attributes.get(name, "0")), -_FARTHEST_PX), _FARTHEST_PX)
    except ValueError:
        return 0


def _is_visible(attributes: dict[str, str]) -> bool:
    return attributes.get("visibility", "visible") != "hidden"


def _mode(attributes: dict[str, str]) -> BlendMode | None:
    try:
        return BlendMode(attributes.get("composite-op", BlendMode.NORMAL))
    except ValueError:
        return None


def _own_text(attributes: dict[str, str], name: str) -> str | None:
    """A text of ours, kept as JSON because XML cannot hold every character."""
    try:
        text = json.loads(attributes.get(f"{NAMESPACE} {name}", "null"))
    except ValueError:
        return None
    return text if isinstance(text, str) else None


def _own(name: str, text: str | None) -> dict[str, object]:
    return {} if text is None else {f"frih:{name}": json.dumps(text)}


def _attributes_of(layer: StackLayer) -> dict[str, object]:
    attributes: dict[str, object] = {
        "name": layer.name.translate(_ILLEGAL).encode(errors="replace").decode(),
        "src": layer.source,
        "x": layer.left,
        "y": layer.top,
        "opacity": repr(layer.opacity),
        "visibility": "visible" if layer.is_visible else "hidden",
        "composite-op": layer.mode.value,
    }
    if layer.is_locked:
        attributes["edit-locked"] = "true"
    return attributes | _own("id", layer.id) | _own("settings", layer.settings)


def _tag(name: str, attributes: dict[str, object], end: str) -> str:
    pairs = _quoted(attributes.items())
    return f"<{' '.join([name, *pairs])}{end}"


def _quoted(pairs: Iterable[tuple[str, object]]) -> list[str]:
    return [f"{name}={quoteattr(str(value))}" for name, value in pairs]
