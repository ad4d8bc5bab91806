"""What the suite of all hosts needs of one editor, and how it asks a host."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol, TypeVar

from pytestqt.qtbot import QtBot

from frih_plugin.hosts.host import (
    Describe,
    Grab,
    Grabbed,
    Host,
    HostAnswer,
    HostRequest,
    Placed,
    Put,
    Subject,
)
from frih_plugin.protocol.pixels import Pixels

Color = tuple[int, int, int, int]
Kind = TypeVar("Kind")


class HostUnderTest(Protocol):
    """What a person would do by hand, in the document that is in front.

    Pictures are rgba u8. A changed document is announced as the editor itself would do it.
    """

    @property
    def host(self) -> Host:
        """The host that is tested."""
        ...

    def open_document(self, width: int, height: int, color: Color) -> None:
        """A document with one opaque layer "Background" and no undo steps, brought to the front."""
        ...

    def add_layer(self, name: str, pixels: Pixels, left: int, top: int) -> None:
        """Add a layer on top and select it."""
        ...

    def select_layers(self, *names: str) -> None: ...
    def select_area(self, left: int, top: int, width: int, height: int) -> None: ...
    def set_opacity(self, name: str, opacity: float) -> None: ...
    def lock(self, name: str) -> None: ...
    def move(self, name: str, left: int, top: int) -> None: ...

    def paint(self, name: str, color: Color) -> None:
        """Fill a layer's own box."""
        ...

    def undo(self) -> None: ...
    def redo(self) -> None: ...
    def undo_steps(self) -> int: ...

    def layer_names(self) -> list[str]:
        """From the bottom up."""
        ...

    def content(self) -> object:
        """All that would be saved, to be compared by ==."""
        ...

    def shown(self) -> Pixels:
        """What the document shows, without any preview."""
        ...

    def on_canvas(self) -> Pixels:
        """What the canvas shows, with the preview and without the overlay."""
        ...

    def close_document(self) -> None: ...


def plain(width: int, height: int, color: Color) -> Pixels:
    return Pixels(width, height, "rgba", "u8", bytes(color) * (width * height))


def colors(picture: Pixels) -> list[Color]:
    """The pixels of an 8 bit picture, row by row, as red, green, blue, alpha."""
    step, data = picture.pixel_bytes, bytes(picture.data)
    read = _READ[picture.order]
    return [read(data[at : at + step]) for at in range(0, len(data), step)]


def color_at(picture: Pixels, x: int, y: int) -> Color:
    return colors(picture)[y * picture.width + x]


def recolored(source: Pixels, color: Color) -> Pixels:
    """One colour with the alpha of `source`, in its own order of channels."""
    write = _WRITTEN[source.order]
    data = b"".join(write((*color[:3], old[3])) for old in colors(source))
    return replace(source, data=data)


_READ: dict[str, Callable[[bytes], Color]] = {
    "rgba": lambda p: (p[0], p[1], p[2], p[3]),
    "bgra": lambda p: (p[2], p[1], p[0], p[3]),
    "rgb": lambda p: (p[0], p[1], p[2], 255),
}
_WRITTEN: dict[str, Callable[[Color], bytes]] = {
    "rgba": bytes,
    "bgra": lambda c: bytes((c[2], c[1], c[0], c[3])),
    "rgb": lambda c: bytes(c[:3]),
}


class Asking:
    """Asks a host and waits for the answer."""

    def __init__(self, qtbot: QtBot, host: Host) -> None:
        self._qtbot = qtbot
        self._host = host

    def ask(self, request: HostRequest) -> HostAnswer:
        answers: dict[int, HostAnswer] = {}

        def take(call: int, answer: HostAnswer) -> None:
            assert call not in answers, "answered twice"
            answers[call] = answer

        self._host.answered.connect(take)
        try:
            call = self._host.ask(request)
            assert call not in answers, "answered before `ask` returned"
            self._qtbot.waitUntil(lambda: call in answers)
        finally:
            self._host.answered.disconnect(take)
        return answers[call]

    def expect(self, kind: type[Kind], request: HostRequest) -> Kind:
        answer = self.ask(request)
        assert isinstance(answer, kind), answer
        return answer

    def subject(self) -> Subject:
        return self.expect(Subject, Describe())

    def grabbed(self, **wishes: str) -> Grabbed:
        subject = self.subject()
        request = replace(Grab(subject.document, subject.layer), **wishes)
        return self.expect(Grabbed, request)

    def put(self, color: Color, name: str = "Result", **wishes: str) -> Placed:
        return self.expect(Placed, a_put(self.grabbed(), color, name, **wishes))


def a_put(grabbed: Grabbed, color: Color, name: str = "Result", **wishes: str) -> Put:
    """Puts one colour, with the object's alpha, in place of what was grabbed."""
    source = grabbed.background if wishes.get("target") == "background" else grabbed.pixels
    return replace(Put(grabbed, recolored(source, color), name, "a note"), **wishes)


def near(found: Color, expected: Color) -> bool:
    """Equal but for rounding: within 2 of 255."""
    return all(abs(a - b) <= 2 for a, b in zip(found, expected, strict=True))
