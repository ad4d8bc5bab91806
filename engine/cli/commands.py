"""What a command line asks for, as frozen data; `engine.cli.arguments` makes it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from engine.pipeline import Settings
from engine.runtime.backend import BackendName


@dataclass(frozen=True, slots=True)
class MaskedComposite:
    """A composite and the mask of its foreground."""

    composite: Path
    mask: Path

    @property
    def files(self) -> tuple[Path, ...]:
        """Everything that is read."""
        return self.composite, self.mask


@dataclass(frozen=True, slots=True)
class PastedLayer:
    """A layer whose top left corner lies at `at` (x, y) of a background."""

    background: Path
    layer: Path
    at: tuple[int, int]
    selection: Path | None = None

    @property
    def files(self) -> tuple[Path, ...]:
        """Everything that is read."""
        selection = () if self.selection is None else (self.selection,)
        return self.background, self.layer, *selection


Source = MaskedComposite | PastedLayer


@dataclass(frozen=True, slots=True)
class Outputs:
    """Where results go: files, or in a folder run folders."""

    picture: Path
    regions: Path | None = None
    labels: Path | None = None

    @property
    def shows_regions(self) -> bool:
        """Whether anything needs the regions at full size."""
        return self.regions is not None or self.labels is not None

    @property
    def paths(self) -> tuple[Path, ...]:
        """All that were asked for, the picture first."""
        further = (self.regions, self.labels)
        return self.picture, *(path for path in further if path is not None)


@dataclass(frozen=True, slots=True)
class PictureJob:
    """One picture to harmonize; also what a worker process gets."""

    source: Source
    outputs: Outputs
    settings: Settings
    backend: BackendName


@dataclass(frozen=True, slots=True)
class HarmonizePicture:
    """`frih harmonize` of one picture."""

    job: PictureJob
    as_json: bool


@dataclass(frozen=True, slots=True)
class HarmonizeFolder:
    """`frih harmonize` of a folder; workers None: as many as there are cores, at most 8."""

    composites: Path
    masks: Path
    outputs: Outputs
    settings: Settings
    backend: BackendName
    workers: int | None
    as_json: bool


@dataclass(frozen=True, slots=True)
class ShowInfo:
    """`frih info`."""

    as_json: bool


@dataclass(frozen=True, slots=True)
class RunDemo:
    """`frih demo`."""

    out: Path
    example: str


Command = HarmonizePicture | HarmonizeFolder | ShowInfo | RunDemo
