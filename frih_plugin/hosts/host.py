"""The border to an image editor: what the panel may ask of it, and what it answers.

Every request is a data class and every answer comes later as a signal, because a host may sit
behind a pipe. A host never changes a document except by `Put`, and that in one undo step.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from frih_plugin.protocol.messages import Placing, Target
from frih_plugin.protocol.pixels import Pixels
from frih_plugin.qt.core import QObject, Signal

Background = Literal["visible", "below"]
"""What counts as background: all that is visible, or what lies below the layer."""

Output = Literal["new", "into"]
"""Where a result goes: a new layer, or the layer itself."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What an editor can do.

    into_layer: change a layer itself in one undo step; update: replace the last result in one undo
    step; canvas_preview: show a preview and an overlay without touching the document;
    stores_settings: keep a text with the document.
    """

    into_layer: bool
    update: bool
    canvas_preview: bool
    stores_settings: bool


@dataclass(frozen=True, slots=True)
class Subject:
    """What is selected in the editor at this moment.

    document: a key, stable while it is open, "" without a document; layer: a key for the layer or
    layers that count as one object; name: to show; thumbnail: rgba u8, longer side at most 96;
    unusable: one sentence that says why it cannot be harmonized and what to do, "" where it can;
    revision: differs when a grab would give something else; preview_scale: how far the canvas is
    zoomed out, as a power of two, None where the canvas shows no preview.
    """

    document: str = ""
    layer: str = ""
    name: str = ""
    thumbnail: Pixels | None = None
    unusable: str = ""
    revision: str = ""
    preview_scale: int | None = None


@dataclass(frozen=True, slots=True)
class Describe:
    """Ask for the Subject."""


@dataclass(frozen=True, slots=True)
class Grab:
    """Ask for the pixels of the selected layer and of what it lies on; answered with Grabbed.

    Several selected layers, or a group, are merged into one. Earlier results of this layer do not
    count as background. For target "background" the layers below the object are meant, whatever
    `background` says.
    """

    document: str
    layer: str
    background: Background = "visible"
    target: Target = "layer"


@dataclass(frozen=True, slots=True)
class Grabbed:
    """The pixels, as the engine's OpenLayer wants them.

    revision: the Subject's at that moment; placing: how the pixels of a Put are to be made, "above"
    where the host lays them over the source, which still shows, in normal mode and fully opaque;
    below: for that; has_results: earlier results still show, as nothing can hide them.
    """

    document: str
    layer: str
    revision: str
    pixels: Pixels
    left: int
    top: int
    selection: Pixels | None
    background: Pixels
    opacity: float
    blend_mode: str
    placing: Placing = "instead"
    below: Pixels | None = None
    has_results: bool = False


@dataclass(frozen=True, slots=True)
class Put:
    """Ask to bring a result into the document, in one undo step; answered with Placed.

    pixels: the changed layer, at the place it was grabbed from, or the changed background;
    name: of a new layer; settings: a text to keep with the result; update: the key of an earlier
    result to replace where it is untouched, "" to add. A new layer shows instead of its source
    with the same opacity and blend mode (or above it: see Grabbed), so that the document
    looks as the preview did. A layer that takes a result into itself keeps its name.
    """

    grabbed: Grabbed
    pixels: Pixels
    name: str
    settings: str
    target: Target = "layer"
    output: Output = "new"
    update: str = ""


@dataclass(frozen=True, slots=True)
class Placed:
    """A result is in the document. result: its key, for a later update; updated: it replaced one.

    revision: the Subject's from now on, as the source itself did not change.
    """

    result: str
    updated: bool
    revision: str


@dataclass(frozen=True, slots=True)
class ShowPreview:
    """Show changed pixels, shrunk by `scale`, on the canvas in place of what was grabbed.

    scale 1 shows just what Put would give. The document stays untouched.
    """

    grabbed: Grabbed
    pixels: Pixels
    scale: int
    target: Target = "layer"


@dataclass(frozen=True, slots=True)
class ShowOverlay:
    """Lay an rgba u8 picture over a box of the document's canvas, or take it away (None)."""

    document: str
    picture: Pixels | None
    left: int = 0
    top: int = 0
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class HidePreview:
    """Show the document as it is."""

    document: str


@dataclass(frozen=True, slots=True)
class LoadSettings:
    """Ask for the text kept with a document; answered with StoredSettings."""

    document: str


@dataclass(frozen=True, slots=True)
class StoredSettings:
    """The text kept with a document, "" where there is none."""

    text: str


@dataclass(frozen=True, slots=True)
class StoreSettings:
    """Keep a text with a document, without an undo step; answered with Done."""

    document: str
    text: str


@dataclass(frozen=True, slots=True)
class Done:
    """A request without other answer was carried out."""


@dataclass(frozen=True, slots=True)
class Declined:
    """A request could not be carried out; nothing was changed. One sentence for the person."""

    sentence: str


HostRequest = (
    Describe | Grab | Put | ShowPreview | ShowOverlay | HidePreview | LoadSettings | StoreSettings
)
HostAnswer = Subject | Grabbed | Placed | StoredSettings | Done | Declined


class Host(QObject):
    """An image editor.

    answered(id, HostAnswer): exactly one for each request, never before `ask` has returned;
    subject_changed(): the Subject may differ from the last one described;
    document_closed(key): its jobs are to end.
    """

    answered = Signal(int, object)
    subject_changed = Signal()
    document_closed = Signal(str)

    @property
    def capabilities(self) -> Capabilities:
        """What this editor can do; does not change."""
        raise NotImplementedError

    def ask(self, request: HostRequest) -> int:
        """Take a request and give the id under which `answered` will come."""
        raise NotImplementedError
