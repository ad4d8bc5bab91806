"""What an opened layer was made from, and so when it has to be opened anew."""

from __future__ import annotations

from dataclasses import dataclass

from frih_plugin.hosts.host import Background, Grab, Grabbed, Subject
from frih_plugin.protocol.messages import OpenLayer, Target
from frih_plugin.state.values import PanelSettings

NEARBY = 1.5
"""How much of the picture counts as "surroundings": a multiple of the layer's longer side."""


@dataclass(frozen=True, slots=True)
class Source:
    """All that opening a layer depends on."""

    document: str
    layer: str
    revision: str
    background: Background
    target: Target
    nearby: bool

    @classmethod
    def of(cls, subject: Subject, settings: PanelSettings) -> Source:
        """The source that the person means with these settings."""
        return cls(
            subject.document,
            subject.layer,
            subject.revision,
            "below" if settings.surroundings == "below" else "visible",
            settings.target,
            settings.surroundings == "surroundings",
        )

    def is_same_object(self, subject: Subject) -> bool:
        """Whether it is this subject's document and layer, whatever happened to its pixels."""
        return (self.document, self.layer) == (subject.document, subject.layer)

    def grab(self) -> Grab:
        """The request that fetches the pixels."""
        return Grab(self.document, self.layer, self.background, self.target)

    def open_layer(self, key: str, grabbed: Grabbed) -> OpenLayer:
        """The request that hands the fetched pixels to the engine."""
        return OpenLayer(
            key=key,
            layer=grabbed.pixels,
            left=grabbed.left,
            top=grabbed.top,
            background=grabbed.background,
            selection=grabbed.selection,
            opacity=grabbed.opacity,
            blend_mode=grabbed.blend_mode,
            target=self.target,
            surroundings=NEARBY if self.nearby else None,
            placing=grabbed.placing,
            below=grabbed.below,
        )
