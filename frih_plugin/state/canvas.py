"""What the host's canvas shows for us: the preview in place of the layer, and the regions."""

from __future__ import annotations

from frih_plugin.hosts.host import (
    Declined,
    Grabbed,
    HidePreview,
    HostAnswer,
    HostRequest,
    ShowOverlay,
    ShowPreview,
)
from frih_plugin.protocol.messages import Target
from frih_plugin.protocol.pixels import Pixels
from frih_plugin.qt.core import QObject, Signal
from frih_plugin.state.calls import HostCalls

DRAG_PIXELS = 512 * 512
"""So many pixels of the layer, at most, go to the canvas for each movement of a slider."""

COARSEST_SCALE = 64


def drag_scale(grabbed: Grabbed, canvas_scale: int) -> int:
    """The scale, a power of two, of pictures that follow a slider: from the canvas's own on."""
    scale = max(canvas_scale, 2)
    pixels = grabbed.pixels.width * grabbed.pixels.height
    while scale < COARSEST_SCALE and pixels > DRAG_PIXELS * scale * scale:
        scale *= 2
    return min(scale, COARSEST_SCALE)


class _LatestShown(QObject):
    """Sends one request at a time; of those that come meanwhile only the last is sent."""

    declined = Signal(str)

    def __init__(self, host: HostCalls, parent: QObject) -> None:
        super().__init__(parent)
        self._host = host
        self._is_waiting = False
        self._next: HostRequest | None = None

    def send(self, request: HostRequest) -> None:
        if self._is_waiting:
            self._next = request
        else:
            self._is_waiting = True
            self._host.ask(request, self._on_answer)

    def send_last(self, request: HostRequest) -> None:
        """Send now, whatever is on its way, and nothing after it."""
        self._next = None
        self._host.ask(request, lambda _: None)

    def _on_answer(self, answer: HostAnswer) -> None:
        self._is_waiting = False
        following, self._next = self._next, None
        if following is not None:
            self.send(following)
        if isinstance(answer, Declined):
            self.declined.emit(answer.sentence)


class Canvas(QObject):
    """Shows and hides; never changes the document.

    declined(sentence): the host could not show something.
    """

    declined = Signal(str)

    def __init__(self, host: HostCalls, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._previews = _LatestShown(host, self)
        self._overlays = _LatestShown(host, self)
        self._shown: ShowPreview | None = None
        self._overlay: ShowOverlay | None = None
        self._is_held = False
        for channel in (self._previews, self._overlays):
            channel.declined.connect(self.declined)

    @property
    def shows_preview(self) -> bool:
        """Whether the canvas differs from the document (or will when `hold_before` ends)."""
        return self._shown is not None

    def show(self, grabbed: Grabbed, pixels: Pixels, scale: int, target: Target) -> None:
        """Show changed pixels in place of what was grabbed."""
        self._shown = ShowPreview(grabbed, pixels, scale, target)
        if not self._is_held:
            self._previews.send(self._shown)

    def hide(self) -> None:
        """Show the document as it is."""
        if self._shown is not None:
            self._previews.send(HidePreview(self._shown.grabbed.document))
            self._shown = None

    def hold_before(self, *, held: bool) -> None:
        """Show the document as it is while held, then what was shown again."""
        if held == self._is_held:
            return
        self._is_held = held
        if self._shown is not None:
            hidden = HidePreview(self._shown.grabbed.document)
            self._previews.send(hidden if held else self._shown)

    def lay_over(self, overlay: ShowOverlay) -> None:
        """Show the regions."""
        if overlay != self._overlay:
            self._overlay = overlay
            self._overlays.send(overlay)

    def uncover(self) -> None:
        """Take the regions away."""
        if self._overlay is not None:
            self._overlays.send(ShowOverlay(self._overlay.document, None))
            self._overlay = None

    def close(self) -> None:
        """Take away all that is shown, at once."""
        if self._shown is not None:
            self._previews.send_last(HidePreview(self._shown.grabbed.document))
        if self._overlay is not None:
            self._overlays.send_last(ShowOverlay(self._overlay.document, None))
        self._shown = self._overlay = None

    def forget(self, document: str) -> None:
        """A document was closed, so it shows nothing any more."""
        if self._shown is not None and self._shown.grabbed.document == document:
            self._shown = None
        if self._overlay is not None and self._overlay.document == document:
            self._overlay = None
