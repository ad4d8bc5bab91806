"""Requests, answers and notifications. Each request names its method and what answers it.

A layer is opened once under a key of the editor's choice; all that is asked of it later carries
that key and whole settings, so the engine keeps nothing but caches and any order of requests is
right. Of several requests of one kind for one layer the latest counts: an earlier one that still
waits or runs is answered with the failure "cancelled", and so is all that waits or runs for a layer
which is opened again or closed. What is quick goes first: regions before previews before full
results, whatever the order of asking.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from frih_plugin.protocol.pixels import Pixels

CANCELLED = "cancelled"
"""The failure code of work that was cancelled, or overtaken by a later request."""

BROKEN_REQUEST = "broken-request"
"""The failure code of a message that breaks the protocol: an error of ours, not of the person."""

UNKNOWN_LAYER = "unknown-layer"
"""The failure code of a key that is not open (any more): open the layer again. The engine keeps the
few layers that were asked for last."""

WRONG_VERSION = "wrong-version"
"""The failure code of a Hello in another version; the engine ends after it."""

BACKEND_UNAVAILABLE = "backend-unavailable"
"""The failure code of a backend that cannot be had; another Hello may ask for another."""

OUT_OF_MEMORY = "out-of-memory"
"""The failure code of work that memory did not suffice for; the engine lives on."""

UNEXPECTED = "unexpected"
"""The failure code of an error of ours; the engine lives on, and its log tells more."""

Target = Literal["layer", "background"]
Quality = Literal["drag", "rest"]
Placing = Literal["instead", "above"]
"""Where a changed layer will lie: in place of the one it was made from, or above it."""
Stage = Literal["open", "view", "coarse", "submasks", "refined", "transfer"]


@dataclass(frozen=True, slots=True)
class Region:
    """One submask: its place among the labels, the colour at its center, its pixels of the view."""

    index: int
    red: int
    green: int
    blue: int
    area_px: int


@dataclass(frozen=True, slots=True)
class RegionStrength:
    """The strength, 0 to 1, of one region; regions not named have 1."""

    index: int
    strength: float

    def __post_init__(self) -> None:
        _check_share("A region's strength", self.strength)


@dataclass(frozen=True, slots=True)
class ResultSettings:
    """All that a result depends on, besides the pixels. strength: None for the engine's own."""

    cutoff_distance: float = 0.1
    strength: float | None = None
    regions: tuple[RegionStrength, ...] = ()

    def __post_init__(self) -> None:
        if self.strength is not None:
            _check_share("The strength", self.strength)


@dataclass(frozen=True, slots=True)
class Backend:
    """A way to run the network, and why it cannot be had where it cannot."""

    name: str
    available: bool
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Welcome:
    """Answers Hello: who the engine is, and on what it runs."""

    protocol_version: int
    engine_version: str
    weights_sha256: str
    backend: str
    device: str
    backends: tuple[Backend, ...]


@dataclass(frozen=True, slots=True)
class Hello:
    """The first request. The engine refuses another protocol version with a failure and ends.

    backend: what the person asked for, or "auto": the processor, as a graphics card is used only
    when asked for. May be sent again, to change the backend; no layer is open then.
    """

    METHOD: ClassVar = "hello"
    ANSWER: ClassVar = Welcome

    protocol_version: int
    client: str
    backend: str = "auto"


@dataclass(frozen=True, slots=True)
class LayerOpened:
    """Answers OpenLayer.

    left, top, width, height: the window of the picture that the network sees, in picture pixels;
    before: that window as the editor shows it, with the layer's opacity and blend mode, sRGB rgb
    u8, longer side at most PREVIEW_SIDE; white where the picture is transparent.
    """

    left: int
    top: int
    width: int
    height: int
    before: Pixels


PREVIEW_SIDE = 512


@dataclass(frozen=True, slots=True)
class OpenLayer:
    """Hand over a layer and what it lies on; the same key replaces what was open under it.

    layer: its own pixels; left, top: of its top left corner in the picture, may be negative;
    selection: gray, of the layer's size, None for everything; background: the picture without the
    layer; opacity, blend_mode (OpenRaster's names, others are shown as normal): how the editor will
    show the layer, for the preview alone; target: what is to change; surroundings: how much of the
    picture counts, as a multiple of the layer's longer side, None for the engine's choice. Where
    the background is to change, all of it does: selection and surroundings do not count then.
    placing "above" is for an editor that cannot hide the layer: the result of Harmonize is made to
    be laid over it, in normal mode and fully opaque, so that both together show what the changed
    layer would show alone; below: what lies under the layer in its own group, of the layer's size,
    None for the background. What is below keeps its alpha: where it is not opaque, the result must
    be clipped to it.
    """

    METHOD: ClassVar = "open"
    ANSWER: ClassVar = LayerOpened

    key: str
    layer: Pixels
    left: int
    top: int
    background: Pixels
    selection: Pixels | None = None
    opacity: float = 1.0
    blend_mode: str = "svg:src-over"
    target: Target = "layer"
    surroundings: float | None = None
    placing: Placing = "instead"
    below: Pixels | None = None

    def __post_init__(self) -> None:
        _check_share("The opacity", self.opacity)
        if self.surroundings is not None and not 1 <= self.surroundings <= 1000:
            raise ValueError(f"The surroundings must be 1 to 1000, not {self.surroundings}.")
        self._check_placing()

    def _check_placing(self) -> None:
        if self.placing == "instead":
            return
        target = self.layer if self.target == "layer" else self.background
        if target.order not in ("graya", "rgba", "bgra"):
            raise ValueError("What is to lie above its source needs alpha.")
        size = self.layer.width, self.layer.height
        if self.below is not None and (self.below.width, self.below.height) != size:
            raise ValueError("What lies below a layer must have the layer's size.")


@dataclass(frozen=True, slots=True)
class RegionsFound:
    """Answers FindRegions.

    labels: gray u8, 256 x 256 over the window: a region's index, 255 outside the foreground;
    regions: the largest density first; count_before_merging: regions before the small ones joined
    others.
    """

    labels: Pixels
    regions: tuple[Region, ...]
    count_before_merging: int


@dataclass(frozen=True, slots=True)
class FindRegions:
    """The submasks at a cutoff distance d_c."""

    METHOD: ClassVar = "regions"
    ANSWER: ClassVar = RegionsFound

    key: str
    cutoff_distance: float


@dataclass(frozen=True, slots=True)
class Preview:
    """Answers MakePreview.

    after: the window as it will be, of the size of `before`; layer: the changed pixels (layer or
    background, whichever is the target) shrunk by the scale asked for, in the target's own profile
    and depth, order "rgba", with scale 1 just as Harmonized has it for placing
    "instead"; confidence: the chance, 0 to 1, that the whole change would improve the picture,
    None where nothing is known of that; suggested: the strength that the engine takes where none
    is asked for.
    """

    after: Pixels
    layer: Pixels | None
    confidence: float | None
    suggested: float
    seconds: float


@dataclass(frozen=True, slots=True)
class MakePreview:
    """A small result. quality "drag" runs the cascade at 128 pixels, "rest" at 256.

    scale: 2, 4, 8 ... for changed pixels shrunk so much; None for none.
    """

    METHOD: ClassVar = "preview"
    ANSWER: ClassVar = Preview

    key: str
    settings: ResultSettings
    quality: Quality = "rest"
    scale: int | None = None

    def __post_init__(self) -> None:
        if self.scale is not None and self.scale not in (1, 2, 4, 8, 16, 32, 64):
            raise ValueError(
                f"A preview's scale must be a power of two up to 64, not {self.scale}."
            )


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds that a stage took."""

    stage: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Harmonized:
    """Answers Harmonize.

    layer: the changed pixels of the target, with size, order, depth and profile as they came,
    alpha untouched where they are to lie in place of what they were made from; confidence,
    suggested: see Preview.
    """

    layer: Pixels
    confidence: float | None
    suggested: float
    predicted_change: float
    regions: int
    device: str
    timings: tuple[Timing, ...]


@dataclass(frozen=True, slots=True)
class Harmonize:
    """The result at full size.

    covers: for placing "above", where earlier results lie between: opaque wherever the layer shows
    anything, so that nothing of them is left.
    """

    METHOD: ClassVar = "harmonize"
    ANSWER: ClassVar = Harmonized

    key: str
    settings: ResultSettings
    covers: bool = False


@dataclass(frozen=True, slots=True)
class Closed:
    """Answers CloseLayer."""


@dataclass(frozen=True, slots=True)
class CloseLayer:
    """Forget a layer and all that was computed for it; an unknown key is no failure."""

    METHOD: ClassVar = "close"
    ANSWER: ClassVar = Closed

    key: str


@dataclass(frozen=True, slots=True)
class Cancel:
    """Stop the work on a request; it is answered within 150 ms, with "cancelled" or its result."""

    METHOD: ClassVar = "$/cancelRequest"

    id: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the work on a request is; share: 0 to 1 of the whole."""

    METHOD: ClassVar = "$/progress"

    id: int
    stage: Stage
    share: float


@dataclass(frozen=True, slots=True)
class Failure:
    """Answers a request that came to nothing: a stable code and one sentence for the person."""

    code: str
    sentence: str


Request = Hello | OpenLayer | FindRegions | MakePreview | Harmonize | CloseLayer
Answer = Welcome | LayerOpened | RegionsFound | Preview | Harmonized | Closed
REQUESTS: tuple[type[Request], ...] = (
    Hello,
    OpenLayer,
    FindRegions,
    MakePreview,
    Harmonize,
    CloseLayer,
)


def _check_share(name: str, value: float) -> None:
    if not 0 <= value <= 1:
        raise ValueError(f"{name} must lie between 0 and 1, not {value}.")
