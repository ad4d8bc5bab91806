"""Messages survive the way there and back; anything else raises ProtocolError, and only that."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wire_messages import JSON, OF_ANSWER, OF_REQUEST, TO_EDITOR, TO_ENGINE

from frih_plugin.protocol.codec import (
    Call,
    MalformedCallError,
    Reply,
    decode_for_editor,
    decode_for_engine,
    encode,
)
from frih_plugin.protocol.errors import ProtocolError
from frih_plugin.protocol.framing import MAX_BODY_BYTES, Frame, FrameReader, encode_frame
from frih_plugin.protocol.messages import (
    REQUESTS,
    Answer,
    Cancel,
    Failure,
    FindRegions,
    MakePreview,
    Progress,
    RegionsFound,
    ResultSettings,
)


def plain(value: object) -> object:
    """Message or part of one as tuples, with all buffers as bytes, to be compared."""
    if isinstance(value, bytes | bytearray):
        return bytes(value)
    if isinstance(value, tuple):
        return tuple(plain(item) for item in cast("tuple[object, ...]", value))
    if is_dataclass(value):
        parts = (plain(getattr(value, field.name)) for field in fields(value))
        return type(value).__name__, *parts
    return value


def sent(message: Call | Reply | Cancel | Progress) -> Frame:
    """Through the stream of bytes."""
    stream = b"".join(bytes(piece) for piece in encode_frame(encode(message)))
    (frame,) = FrameReader().feed(stream)
    return frame


def kind_of(message: Reply | Progress) -> type[Answer] | None:
    if isinstance(message, Progress) or isinstance(message.outcome, Failure):
        return None
    return type(message.outcome)


@given(TO_ENGINE)
def test_what_an_editor_sends_arrives(message: Call | Cancel) -> None:
    assert plain(decode_for_engine(sent(message))) == plain(message)


@given(TO_EDITOR)
def test_what_the_engine_sends_arrives(message: Reply | Progress) -> None:
    found = decode_for_editor(sent(message), lambda _: kind_of(message))
    assert plain(found) == plain(message)


def test_every_request_has_a_name_an_answer_and_a_test() -> None:
    assert len({kind.METHOD for kind in REQUESTS}) == len(REQUESTS)
    assert set(OF_REQUEST) == set(REQUESTS)
    assert set(OF_ANSWER) == {kind.ANSWER for kind in REQUESTS}


def test_an_answer_that_nobody_waits_for_is_dropped() -> None:
    frame = encode(Reply(5, Failure("a", "b")))
    assert decode_for_editor(frame, lambda _: None) == Reply(5, Failure("a", "b"))
    body = json.dumps({"jsonrpc": "2.0", "id": 5, "result": {}}).encode()
    assert decode_for_editor(Frame(body), lambda _: None) is None


@given(TO_ENGINE, st.data())
def test_a_message_with_anything_in_place_of_a_part_raises_or_is_right(
    message: Call | Cancel, data: st.DataObject
) -> None:
    frame = encode(message)
    content = json.loads(frame.body)
    place(content, data)
    assert is_call_or_sentence(Frame(json.dumps(content).encode(), frame.blocks))


@given(TO_EDITOR, st.data())
def test_an_answer_with_anything_in_place_of_a_part_raises_or_is_right(
    message: Reply | Progress, data: st.DataObject
) -> None:
    frame = encode(message)
    content = json.loads(frame.body)
    place(content, data)
    garbled = Frame(json.dumps(content).encode(), frame.blocks)
    assert is_answer_or_sentence(garbled, kind_of(message))


@given(st.binary(max_size=200) | JSON.map(lambda value: json.dumps(value).encode()))
def test_any_body_raises_or_is_a_message(body: bytes) -> None:
    assert is_call_or_sentence(Frame(body))
    assert is_answer_or_sentence(Frame(body), RegionsFound)


def place(content: Any, data: st.DataObject) -> None:  # noqa: ANN401 - JSON
    """Put something else somewhere into a JSON value."""
    keys: list[Any] = list(content) if hasattr(content, "keys") else list(range(len(content)))
    if not keys:
        return
    key = data.draw(st.sampled_from(keys))
    if isinstance(content[key], dict | list) and data.draw(st.booleans()):
        place(content[key], data)
    else:
        content[key] = data.draw(JSON)


def is_call_or_sentence(frame: Frame) -> bool:
    """Whether a frame is understood, or refused with a sentence; any other error is raised."""
    try:
        return bool(decode_for_engine(frame))
    except MalformedCallError as error:
        return error.call_id >= 0 and 0 < len(str(error)) < 500
    except ProtocolError as error:
        return 0 < len(str(error)) < 500


def is_answer_or_sentence(frame: Frame, kind: type[Answer] | None) -> bool:
    """The same for what the engine sends."""
    try:
        decode_for_editor(frame, lambda _: kind)
    except ProtocolError as error:
        return 0 < len(str(error)) < 500
    return True


@pytest.mark.parametrize(
    "body",
    [
        b"[" * MAX_BODY_BYTES,
        b'{"a":' * (MAX_BODY_BYTES // 5),
        b'{"id": NaN}',
        b'{"id": Infinity, "method": "close"}',
        b'{"id": 1e400}',
        b'{"id": true, "method": "close"}',
        b'{"id": -1, "method": "close"}',
        b'{"id": ' + b"9" * 5000 + b"}",
        b'{"method": "$/cancelRequest", "params": {"id": "one"}}',
        b"\xff\xfe{}",
    ],
)
def test_a_body_that_makes_no_sense_raises(body: bytes) -> None:
    with pytest.raises(ProtocolError):
        decode_for_engine(Frame(body))


def call(method: str, params: object, blocks: tuple[bytes, ...] = ()) -> Frame:
    content = {"jsonrpc": "2.0", "id": 7, "method": method, "params": params}
    return Frame(json.dumps(content).encode(), blocks)


@pytest.mark.parametrize(
    ("frame", "named"),
    [
        (call("dance", {}), "no method 'dance'"),
        (call("regions", {"key": "a"}), "lacks cutoff_distance"),
        (call("regions", {"key": "a", "cutoff_distance": "0.1"}), "cutoff_distance must be"),
        (call("regions", {"key": "a", "cutoff_distance": 10**400}), "cutoff_distance must be"),
        (call("regions", {"key": 5, "cutoff_distance": 0.1}), "key must be a string"),
        (call("regions", []), "must be an object"),
        (call("preview", {"key": "a", "settings": {"strength": 2}}), "strength must lie"),
        (call("preview", {"key": "a", "settings": {}, "scale": 3}), "power of two"),
        (call("preview", {"key": "a", "settings": {}, "quality": "best"}), "one of drag, rest"),
    ],
)
def test_a_call_out_of_form_names_what_is_wrong_and_whom_to_tell(frame: Frame, named: str) -> None:
    with pytest.raises(MalformedCallError, match=named) as caught:
        decode_for_engine(frame)
    assert caught.value.call_id == 7


def picture(**changed: object) -> dict[str, object]:
    return {"width": 2, "height": 1, "order": "gray", "depth": "u8", "data": 0, **changed}


@pytest.mark.parametrize(
    ("layer", "named"),
    [
        (picture(data=1), "number of a block"),
        (picture(data=-1), "number of a block"),
        (picture(data=True), "number of a block"),
        (picture(data="AAAA"), "number of a block"),
        (picture(width=3), "2 bytes where 3 belong"),
        (picture(width=0), "is empty"),
        (picture(width=20_000, height=20_000), "beyond the 100 megapixels"),
        (picture(width=2**60), "whole number"),
        (picture(order="cmyk"), "one of gray"),
        (picture(depth="f64"), "one of u8, u16"),
    ],
)
def test_pixels_that_do_not_fit_are_refused(layer: dict[str, object], named: str) -> None:
    params = {"key": "a", "layer": layer, "left": 0, "top": 0, "background": picture()}
    with pytest.raises(MalformedCallError, match=named):
        decode_for_engine(call("open", params, (b"ab",)))


def test_names_of_a_later_version_are_ignored_and_defaults_filled_in() -> None:
    params = {"key": "a", "settings": {"strength": 0.5, "mood": "calm"}, "colour": "blue"}
    found = decode_for_engine(call("preview", params))
    assert found == Call(7, MakePreview("a", ResultSettings(strength=0.5)))


def test_numbers_of_both_kinds_are_numbers() -> None:
    found = decode_for_engine(call("regions", {"key": "a", "cutoff_distance": 1}))
    assert found == Call(7, FindRegions("a", 1.0))
