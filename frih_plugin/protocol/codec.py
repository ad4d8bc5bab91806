"""Messages to frames and back: JSON-RPC 2.0 bodies, pixels as raw blocks."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from frih_plugin.protocol.errors import ProtocolError
from frih_plugin.protocol.fields import Json, from_json, to_json
from frih_plugin.protocol.framing import Buffer, Frame
from frih_plugin.protocol.messages import (
    REQUESTS,
    Answer,
    Cancel,
    Failure,
    Progress,
    Request,
)

_SERVER_ERROR = -32000
"""JSON-RPC's number for an error of the application; the code for us is in its data."""

_METHODS = {kind.METHOD: kind for kind in REQUESTS}


@dataclass(frozen=True, slots=True)
class Call:
    """A request with the id that its answer will carry."""

    id: int
    request: Request


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of the request with this id."""

    id: int
    outcome: Answer | Failure


class MalformedCallError(ProtocolError):
    """A request that cannot be understood but whose id is known, so that it can be answered."""

    def __init__(self, call_id: int, sentence: str) -> None:
        super().__init__(sentence)
        self.call_id = call_id


def encode(message: Call | Reply | Cancel | Progress) -> Frame:
    """The frame of a message."""
    blocks: list[Buffer] = []
    content: dict[str, Json] = {"jsonrpc": "2.0"}
    if isinstance(message, Call):
        content |= {"id": message.id, "method": message.request.METHOD}
        content["params"] = to_json(message.request, blocks)
    elif isinstance(message, Reply):
        content |= {"id": message.id, **_outcome(message.outcome, blocks)}
    else:
        content |= {"method": message.METHOD, "params": to_json(message, blocks)}
    body = json.dumps(content, separators=(",", ":"), allow_nan=False)
    return Frame(body.encode("ascii"), tuple(blocks))


def decode_for_engine(frame: Frame) -> Call | Cancel:
    """What an editor sent.

    Raises MalformedCallError where the sender can be told by id, ProtocolError where not.
    """
    content = _content(frame)
    method, params = content.get("method"), content.get("params")
    if method == Cancel.METHOD:
        return from_json(Cancel, params, frame.blocks)
    call_id = _id(content)
    kind = _METHODS.get(method) if isinstance(method, str) else None
    if kind is None:
        raise MalformedCallError(call_id, f"There is no method {method!r:.60}.")
    try:
        return Call(call_id, from_json(kind, params, frame.blocks))
    except MalformedCallError:
        raise
    except ProtocolError as error:
        raise MalformedCallError(call_id, str(error)) from error


def decode_for_editor(
    frame: Frame, answer_of: Callable[[int], type[Answer] | None]
) -> Reply | Progress | None:
    """What the engine sent; `answer_of` tells the class that answers an id.

    None for the answer to an id that nobody waits for. Raises ProtocolError.
    """
    content = _content(frame)
    if content.get("method") == Progress.METHOD:
        return from_json(Progress, content.get("params"), frame.blocks)
    call_id = _id(content)
    if "error" in content:
        return Reply(call_id, _failure(content["error"]))
    kind = answer_of(call_id)
    if kind is None:
        return None
    answer = from_json(kind, content.get("result"), frame.blocks)
    return Reply(call_id, answer)


def _outcome(outcome: Answer | Failure, blocks: list[Buffer]) -> dict[str, Json]:
    if isinstance(outcome, Failure):
        error = {
            "code": _SERVER_ERROR,
            "message": outcome.sentence,
            "data": {"code": outcome.code},
        }
        return {"error": error}
    return {"result": to_json(outcome, blocks)}


def _failure(error: Json) -> Failure:
    try:
        return from_json(Failure, {"code": error["data"]["code"], "sentence": error["message"]}, ())
    except (TypeError, KeyError, IndexError) as cause:
        raise ProtocolError("A failure lacks its code or its sentence.") from cause


def _content(frame: Frame) -> dict[str, Json]:
    try:
        content = json.loads(frame.body, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise ProtocolError("A frame's body is not JSON.") from error
    if not isinstance(content, dict):
        raise ProtocolError("A frame's body is not a JSON object.")
    return cast("dict[str, Json]", content)


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _id(content: dict[str, Json]) -> int:
    found = content.get("id")
    if type(found) is not int or not 0 <= found < 2**53:
        raise ProtocolError("A message's id is not a whole number.")
    return found
