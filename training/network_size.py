"""`python -m training parameters`: the network's parameters and multiplications, part by part."""

from __future__ import annotations

import argparse
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from engine.network.config import ABLATIONS, DEFAULT, LEVELS, NetworkConfig
from engine.network.folds import kinds_at
from engine.network.frih import FRIH, SubmaskRows
from engine.network.fusion_prediction import FusionPrediction
from engine.view import VIEW_SIZE
from training.commands import Subparsers

PAPER_MILLIONS = {"stage 1": 9.30, "stage 2": 2.68, "all": 11.98}
"""FRIH, "Lightweight Cascaded Module" and Table 6."""

_NETWORKS = {"default": DEFAULT, "paper": ABLATIONS["frih"]}


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = subparsers.add_parser("parameters", help="print parameters and MACs of each part")
    parser.add_argument("--network", choices=sorted(_NETWORKS), default="default")


def run(args: argparse.Namespace) -> int:
    """Print both tables."""
    print(size_tables(_NETWORKS[args.network]))  # noqa: T201 - the command's answer
    return 0


@dataclass(frozen=True, slots=True)
class Operations:
    """Multiplications for one 256 x 256 picture; cascade and fusion count one submask."""

    base: int
    conv_trans: int = 0
    cascade: int = 0
    fusion: int = 0
    fusion_folded: int = 0

    def of_picture(self, submasks: float) -> float:
        """A picture of so many submasks as the engine runs it, with the head folded."""
        each = self.cascade + self.fusion_folded
        return self.base + self.conv_trans + submasks * each


def count_parameters(config: NetworkConfig) -> dict[str, int]:
    """Parameters of stage 1, stage 2 and all, running statistics not counted."""
    with torch.device("meta"):
        network = FRIH(config)
    counts = {"stage 1": _parameters(network.base), "stage 2": _parameters(network.cascade)}
    return counts | {"all": sum(counts.values())}


def _parameters(part: nn.Module | None) -> int:
    return 0 if part is None else sum(p.numel() for p in part.parameters())


def count_operations(config: NetworkConfig) -> Operations:
    """Multiplications of a network, counted by hooks while it runs without data.

    One of a single stage has none in the other parts.
    """
    with torch.device("meta"):
        network = FRIH(config)
        picture = torch.empty(1, 3, VIEW_SIZE, VIEW_SIZE)
        mask = torch.empty(1, 1, VIEW_SIZE, VIEW_SIZE)
        rows = SubmaskRows(mask, torch.empty(1, dtype=torch.int64))
    with _counted(network) as counts:
        network(picture, mask, rows)

    def total(*parts: nn.Module) -> int:
        return sum(counts.get(layer, 0) for part in parts for layer in part.modules())

    cascade = network.cascade
    if cascade is None:
        return Operations(base=total(network.base))
    head = cascade.fusion_prediction
    rest = total(head.second, head.third)
    return Operations(
        base=total(network.base),
        conv_trans=total(cascade.transfer),
        cascade=total(cascade.encoder, cascade.fuse, cascade.decoder),
        fusion=_first_layer_as_written(head) + rest,
        fusion_folded=_first_layer_folded(head) + rest,
    )


@contextmanager
def _counted(network: nn.Module) -> Generator[dict[nn.Module, int]]:
    """Multiplications by layer, filled in while the network runs inside the `with`."""
    counts: dict[nn.Module, int] = {}

    def note(layer: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        counts[layer] = counts.get(layer, 0) + multiplications(layer, inputs[0], output)

    hooks = [layer.register_forward_hook(note) for layer in network.modules()]
    try:
        yield counts
    finally:
        for hook in hooks:
            hook.remove()


def multiplications(layer: nn.Module, taken: Tensor, given: object) -> int:
    """Multiplications of one layer from what it took and gave; 0 for what has no weights."""
    if isinstance(layer, nn.ConvTranspose2d):
        return taken.numel() * layer.weight[0].numel()
    if isinstance(layer, nn.Conv2d | nn.Linear) and isinstance(given, Tensor):
        return given.numel() * layer.weight[0].numel()
    return 0


def _first_layer_as_written(head: FusionPrediction) -> int:
    """A 3x3 convolution over the concatenation of the enlarged decoder layers."""
    return VIEW_SIZE**2 * head.first.weight.numel()


def _first_layer_folded(head: FusionPrediction) -> int:
    """One small convolution for each decoder layer (engine.network.folds), the last one direct."""
    taps = 9 * head.first.out_channels
    direct = VIEW_SIZE**2 * taps * head.inputs[-1]
    folded = 0
    for depth, channels in enumerate(head.inputs[:-1]):
        side = VIEW_SIZE >> (LEVELS - 1 - depth)
        folded += side**2 * taps * len(kinds_at(depth)) ** 2 * channels
    return direct + folded


def size_tables(config: NetworkConfig) -> str:
    """Both tables as text."""
    lines = ["part      parameters   paper    difference"]
    for name, count in count_parameters(config).items():
        paper = PAPER_MILLIONS[name]
        difference = count / (paper * 1e6) - 1
        lines.append(f"{name:8} {count:>11,}  {paper:5.2f} M  {difference:+.2%}")
    counted = count_operations(config)
    lines += ["", f"GMAC at {VIEW_SIZE} x {VIEW_SIZE}"]
    for label, operations in (
        ("base, once a picture", counted.base),
        ("Conv_trans, once a picture", counted.conv_trans),
        ("cascade, each submask", counted.cascade),
        ("fusion as written, each submask", counted.fusion),
        ("fusion folded, each submask", counted.fusion_folded),
    ):
        lines.append(f"{label:32} {operations / 1e9:6.3f}")
    return "\n".join(lines)
