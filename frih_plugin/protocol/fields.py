"""Data classes to JSON values and back, with every type checked; pixels become numbered blocks.

Knows the types that messages are made of and no others: bool, int, float, str, bytes (as a block),
Literal, X | None, tuples of one type, and data classes of these.
"""

from __future__ import annotations

import math
import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cache
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from frih_plugin.protocol.errors import ProtocolError
from frih_plugin.protocol.framing import Buffer

Json = Any
"""A value that json reads or writes; checked field by field here, at the border."""

T = TypeVar("T")
_Decoder = Callable[[Json, Sequence[Buffer]], Any]
_BLOCK_TYPES = (bytes, bytearray, memoryview)


def to_json(value: object, blocks: list[Buffer]) -> Json:
    """The JSON value of a message or a part of one; its pixels are appended to `blocks`."""
    if isinstance(value, _BLOCK_TYPES):
        blocks.append(cast("Buffer", value))
        return len(blocks) - 1
    if isinstance(value, tuple):
        return [to_json(item, blocks) for item in cast("tuple[object, ...]", value)]
    if is_dataclass(value):
        return {field.name: to_json(getattr(value, field.name), blocks) for field in fields(value)}
    return value


def from_json(kind: type[T], value: Json, blocks: Sequence[Buffer]) -> T:
    """A message of a class from its JSON value.

    Unknown names are ignored, so that a later version may add fields with defaults.
    Raises ProtocolError that names the field which is missing, of a wrong type or out of range.
    """
    if not isinstance(value, dict):
        raise ProtocolError(f"{kind.__name__} must be an object.")
    given = cast("dict[str, Json]", value)
    decoders = _decoders(kind)
    found: dict[str, Any] = {}
    for field in fields(cast("Any", kind)):
        if field.name in given:
            found[field.name] = _decoded(kind, field.name, decoders, given[field.name], blocks)
        elif _is_required(field):
            raise ProtocolError(f"{kind.__name__} lacks {field.name}.")
    try:
        return kind(**found)
    except ValueError as error:
        raise ProtocolError(str(error)) from error


def _is_required(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _decoded(
    kind: type,
    name: str,
    decoders: Mapping[str, _Decoder],
    value: Json,
    blocks: Sequence[Buffer],
) -> object:
    try:
        return decoders[name](value, blocks)
    except TypeError as error:
        raise ProtocolError(f"{kind.__name__}.{name} must be {error}.") from error


@cache
def _decoders(kind: type) -> Mapping[str, _Decoder]:
    hints = get_type_hints(kind)
    return {field.name: _decoder(hints[field.name]) for field in fields(cast("Any", kind))}


def _decoder(hint: Any) -> _Decoder:  # noqa: ANN401 - a type expression has no narrower type
    if hint in _SIMPLE:
        return _SIMPLE[hint]
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Literal:
        return _literal(arguments)
    if origin is tuple:
        return _tuple(_decoder(arguments[0]))
    if origin in (Union, types.UnionType):
        return _union(arguments)
    return lambda value, blocks: from_json(hint, value, blocks)


def _union(kinds: tuple[Any, ...]) -> _Decoder:
    if bytearray in kinds:
        inner: _Decoder = _block
    else:
        inner = _decoder(next(kind for kind in kinds if kind is not types.NoneType))
    if types.NoneType not in kinds:
        return inner
    return lambda value, blocks: None if value is None else inner(value, blocks)


def _literal(allowed: tuple[Any, ...]) -> _Decoder:
    def decode(value: Json, _: Sequence[Buffer]) -> object:
        if not isinstance(value, str) or value not in allowed:
            raise TypeError("one of " + ", ".join(map(str, allowed)))
        return value

    return decode


def _tuple(item: _Decoder) -> _Decoder:
    def decode(value: Json, blocks: Sequence[Buffer]) -> object:
        if not isinstance(value, list):
            raise TypeError("a list")
        return tuple(item(entry, blocks) for entry in cast("list[Json]", value))

    return decode


def _block(value: Json, blocks: Sequence[Buffer]) -> Buffer:
    if type(value) is not int or not 0 <= value < len(blocks):
        raise TypeError("the number of a block of this frame")
    return blocks[value]


def _bytes(value: Json, blocks: Sequence[Buffer]) -> bytes:
    return bytes(_block(value, blocks))


def _float(value: Json, _: Sequence[Buffer]) -> float:
    # The bound first: a whole number of hundreds of digits is no float at all.
    if type(value) not in (int, float) or abs(value) > _LARGEST or not math.isfinite(value):
        raise TypeError("a finite number")
    return float(value)


def _int(value: Json, _: Sequence[Buffer]) -> int:
    if type(value) is not int or abs(value) > _LARGEST:
        raise TypeError("a whole number")
    return value


def _exactly(kind: type, words: str) -> _Decoder:
    def decode(value: Json, _: Sequence[Buffer]) -> object:
        if type(value) is not kind:
            raise TypeError(words)
        return value

    return decode


_LARGEST = 2**53

_SIMPLE: dict[Any, _Decoder] = {
    bool: _exactly(bool, "true or false"),
    int: _int,
    float: _float,
    str: _exactly(str, "a string"),
    bytes: _bytes,
}
