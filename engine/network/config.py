"""Every width and choice of the network in one place (FRIH, "Proposed Method"; Table 3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Literal, cast, get_args

Stage2 = Literal["none", "global mask", "submasks"]
Output = Literal["rgb", "residual", "map"]
Norm = Literal["batch", "group", "none"]
Degree = Literal[1, 2]
Statistics = Literal["none", "moments", "histograms"]

_CHOICES: dict[str, tuple[object, ...]] = {
    "stage2": get_args(Stage2),
    "output": get_args(Output),
    "norm": get_args(Norm),
    "map_degree": get_args(Degree),
    "statistics": get_args(Statistics),
}

LEVELS = 7
"""Both encoders halve the picture seven times."""


@dataclass(frozen=True, slots=True)
class NetworkConfig:
    """Widths (the paper gives none: ours reach its parameter counts) and the forms of the outputs.

    Tuples run from level 1 (128 px for a 256 px picture) to level 7 (2 px), decoders' too: entry
    i - 1 belongs to the layer that starts at level i.
    """

    encoder: tuple[int, ...] = (32, 64, 128, 192, 256, 256, 256)
    decoder: tuple[int, ...] = (16, 32, 64, 128, 192, 256, 256)
    cascade_encoder: tuple[int, ...] = (16, 32, 64, 96, 128, 128, 128)
    transfer: tuple[int, ...] = (8, 16, 32, 48, 64, 64, 64)
    cascade_decoder: tuple[int, ...] = (16, 16, 32, 64, 96, 128, 128)
    head: int = 16

    stage2: Stage2 = "submasks"
    fusion: bool = True
    """False: the last cascaded decoder layer alone predicts ("without fusion", Table 3)."""
    output: Output = "residual"
    """`rgb` is the paper's; `residual` adds to the composite (stage 1) and the coarse (stage 2);
    `map` is `residual` without stage 1's decoder: its colour map alone."""
    color_map: bool = True
    """Stage 1 also predicts one colour map for the whole foreground."""
    map_degree: Degree = 2
    """Degree of its polynomials: 1 is affine."""
    statistics: Statistics = "moments"
    """What the colour map sees beside the bottleneck (engine.network.color_statistics)."""
    norm: Norm = "batch"
    head_level: int = 1
    """The level whose decoder layer predicts stage 1's residual: at full size, or, from 2 on, at a
    half, a quarter ..., enlarged."""

    def __post_init__(self) -> None:
        for name in ("encoder", "decoder", "cascade_encoder", "transfer", "cascade_decoder"):
            if len(getattr(self, name)) != LEVELS:
                raise ValueError(f"{name} needs {LEVELS} widths, one a level.")
            if min(getattr(self, name)) < 1:
                raise ValueError(f"{name} has a width below 1.")
        if self.head < 1:
            raise ValueError(f"head is {self.head}; it must be 1 or more.")
        self._check_forms()

    def _check_forms(self) -> None:
        """What may be combined. Raises ValueError."""
        for name, allowed in _CHOICES.items():
            if getattr(self, name) not in allowed:
                choices = ", ".join(map(str, allowed))
                raise ValueError(f"{name} is {getattr(self, name)}; it is one of {choices}.")
        if self.color_map and self.output == "rgb":
            raise ValueError("A colour map changes the composite, so it needs output='residual'.")
        if self.output == "map" and not self.color_map:
            raise ValueError("output='map' needs color_map=true: nothing else is predicted.")
        if not 1 <= self.head_level <= LEVELS:
            raise ValueError(f"head_level is {self.head_level}; it must lie from 1 to {LEVELS}.")
        if self.head_level > 1 and self.output != "residual":
            raise ValueError("Only a residual can be enlarged: head_level > 1 needs it as output.")


DEFAULT = NetworkConfig()
PAPER = NetworkConfig(output="rgb", color_map=False)

ABLATIONS: dict[str, NetworkConfig] = {
    "baseline": replace(PAPER, stage2="none", fusion=False),
    "cascade-global-mask": replace(PAPER, stage2="global mask", fusion=False),
    "cascade-submasks": replace(PAPER, fusion=False),
    "frih": PAPER,
}
"""The four rows of Tables 3 and 4."""


def network_config(values: Mapping[str, Any]) -> NetworkConfig:
    """A NetworkConfig from JSON, which has lists for tuples, of a run or a weights file.

    A field that an older file lacks has its default. Raises ValueError or TypeError for values that
    are none.
    """
    known = {field.name for field in fields(NetworkConfig)}
    written = {name: _frozen(value) for name, value in values.items() if name in known}
    return NetworkConfig(**written)


def _frozen(value: Any) -> Any:  # noqa: ANN401 - JSON; NetworkConfig checks what it gets
    return tuple(cast("list[int]", value)) if isinstance(value, list) else value
