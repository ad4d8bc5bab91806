"""The opened layer on the host's canvas: which preview at which scale, and its regions."""

from __future__ import annotations

from collections.abc import Callable

from frih_plugin.hosts.host import Capabilities, ShowOverlay, Subject
from frih_plugin.protocol.messages import Quality
from frih_plugin.protocol.pixels import Pixels
from frih_plugin.qt.core import QObject, Signal
from frih_plugin.state.calls import HostCalls
from frih_plugin.state.canvas import Canvas, drag_scale
from frih_plugin.state.canvas_overlay import overlay_picture
from frih_plugin.state.found_regions import FoundRegions
from frih_plugin.state.opened_layer import OpenedLayer


class LayerOnCanvas(QObject):
    """A preview is shown from the first change on, until it is taken off.

    declined(sentence): the host could not show something.
    """

    declined = Signal(str)

    def __init__(
        self,
        host: HostCalls,
        capabilities: Capabilities,
        opened: OpenedLayer,
        regions: FoundRegions,
        subject: Callable[[], Subject],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._can_show = capabilities.canvas_preview
        self._opened = opened
        self._regions = regions
        self._subject = subject
        self._canvas = Canvas(host, self)
        self._canvas.declined.connect(self.declined)
        self._is_on = False
        self._shows_regions = False
        self._hovered: int | None = None

    @property
    def hovered(self) -> int | None:
        """The region under the mouse."""
        return self._hovered

    @property
    def wants_full_size(self) -> bool:
        """Whether the canvas shows every pixel, so that only the full result is good enough."""
        return self._is_on and self._subject().preview_scale == 1

    def put_on(self) -> None:
        """Show what follows."""
        self._is_on = self._can_show

    def take_off(self) -> None:
        """Show the document as it is."""
        self._is_on = False
        self._canvas.hide()

    def scale(self, quality: Quality) -> int | None:
        """The scale of the changed pixels that go with a preview, None for none."""
        scale, grabbed = self._subject().preview_scale, self._opened.grabbed
        if not self._is_on or scale is None or grabbed is None:
            return None
        return drag_scale(grabbed, scale) if quality == "drag" or scale == 1 else scale

    def show(self, pixels: Pixels, scale: int) -> None:
        """Show changed pixels in place of the layer, or of the background."""
        grabbed, source = self._opened.grabbed, self._opened.source
        if self._is_on and grabbed is not None and source is not None:
            self._canvas.show(grabbed, pixels, scale, source.target)

    def hold_before(self, *, held: bool) -> None:
        """Show the document as it is while held."""
        self._canvas.hold_before(held=held)

    def hover(self, index: int | None) -> None:
        """A region is under the mouse, None for none."""
        self._hovered = index
        self.lay_over()

    def show_regions(self, *, shown: bool) -> None:
        """Show the regions as well, from now on."""
        self._shows_regions = shown and self._can_show
        self.lay_over()

    def lay_over(self) -> None:
        """Bring the regions on the canvas up to date."""
        window, regions = self._opened.window, self._regions.map
        if not self._shows_regions or window is None or regions is None:
            self._canvas.uncover()
            return
        picture = overlay_picture(regions, self._hovered)
        box = (window.left, window.top, window.width, window.height)
        self._canvas.lay_over(ShowOverlay(self._subject().document, picture, *box))

    def clear(self) -> None:
        """Show nothing of ours; regions come back with the next layer."""
        self.take_off()
        self._hovered = None
        self._canvas.uncover()

    def close(self) -> None:
        """Show nothing of ours any more."""
        self._is_on = self._shows_regions = False
        self._canvas.close()

    def forget(self, document: str) -> None:
        """A document was closed."""
        self._canvas.forget(document)
