"""How fast a network trains: whole steps in images/s, and how much of the device they use.

Run `python -m benchmarks.training_speed --photos DIR --cache DIR` from the repository's root,
with `--device cuda --batch 128` on a GPU. Variants of the step take turns on the same batches, of
K = 4 submasks a picture; each line says how many times as fast it is as the first one. "peak" is
the share of the device's matrix peak, measured by large products in the same run: bfloat16
products, or float32 ones for the float32 step. Then what a batch costs to make in one loader
process, part by part, and how many such processes the fastest step would keep busy.
Goal on one H200: 3,000 images/s at 256 pixels, submasks included.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

import numpy as np
import torch
from torch.utils.flop_counter import FlopCounterMode

from training.batches import Batch, BatchConfig, label_submasks
from training.compiled import Mode, compiled
from training.config import CONFIGS
from training.cost import machine_name
from training.loop import RunPlan, Trainer
from training.sources import PhotoSource

_SUBMASKS = 4
_TERA = 1e12


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to take a step."""

    name: str
    bfloat16: bool = True
    channels_last: bool = True
    fused: bool = True
    mode: Mode | None = None


_FLOAT32 = Variant("float32", bfloat16=False, channels_last=False, fused=False)
VARIANTS: dict[str, tuple[Variant, ...]] = {
    "cpu": (
        _FLOAT32,
        replace(_FLOAT32, name="+ channels_last", channels_last=True),
        replace(_FLOAT32, name="+ fused Adam", channels_last=True, fused=True),
        Variant("+ bfloat16"),
        Variant("+ compile", mode="default"),
    ),
}
VARIANTS["cuda"] = (*VARIANTS["cpu"], Variant("+ CUDA graphs", mode="reduce-overhead"))


def main() -> None:
    """Measure the step, then the loader."""
    arguments = _arguments()
    device = torch.device(arguments.device)
    if device.type == "cuda" and not torch.cuda.is_available():
        raise SystemExit("torch finds no CUDA device here: measure with --device cpu.")
    torch.set_num_threads(arguments.threads)
    size, batch = arguments.size, arguments.batch
    print(f"{_name(device)}, torch {torch.__version__}, {batch} pictures of {size} px")
    fastest = _print_steps(device, made_batch(size, batch), arguments)
    _print_loader(PhotoSource(arguments.photos, arguments.cache), size, fastest)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure training.")
    parser.add_argument("--photos", type=Path, required=True, help="folder of photographs")
    parser.add_argument("--cache", type=Path, required=True, help="where they are decoded to")
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    parser.add_argument("--size", type=int, default=256)
    parser.add_argument("--batch", type=int, default=4)
    parser.add_argument("--steps", type=int, default=3, help="timed steps of each variant")
    parser.add_argument("--threads", type=int, default=1, help="of the processor")
    parser.add_argument("--no-compile", action="store_true", help="leave compiled variants out")
    return parser.parse_args()


def _name(device: torch.device) -> str:
    return torch.cuda.get_device_name() if device.type == "cuda" else machine_name()


def made_batch(size: int, batch: int) -> Batch:
    """Noise in a square foreground that four submasks share."""
    draw = torch.Generator().manual_seed(0)
    composite, real = torch.randint(256, (2, batch, 3, size, size), generator=draw).byte()
    mask = torch.zeros(batch, 1, size, size, dtype=torch.uint8)
    mask[:, :, size // 4 : -size // 4, size // 4 : -size // 4] = 255
    labels = torch.arange(size) * _SUBMASKS // size
    labels = torch.where(mask[:, 0] > 0, labels, -1).to(torch.int8)
    labels[:, size // 4, size // 4 : size // 4 + _SUBMASKS] = torch.arange(_SUBMASKS).to(torch.int8)
    return Batch(composite, real, mask, labels)


def _print_steps(device: torch.device, batch: Batch, arguments: argparse.Namespace) -> float:
    """A line for each variant; gives the most images/s."""
    variants = [v for v in VARIANTS[device.type] if not (v.mode and arguments.no_compile)]
    steps = [_step(variant, device, batch) for variant in variants]
    flops = _flops(steps[0])
    rounds = [[_seconds(step, device) for step in steps] for _ in range(arguments.steps)]
    costs = [median(costs) for costs in zip(*rounds, strict=True)]
    peaks = {half: _matrix_peak(device, bfloat16=half) for half in (False, True)}
    print(f"{flops / len(batch.mask) / 1e9:.0f} GFLOP a picture and step; measured matrix peak")
    print(f"{peaks[False] / _TERA:.2f} TFLOP/s in float32, {peaks[True] / _TERA:.2f} in bfloat16")
    print("variant            images/s   times  TFLOP/s  peak")
    for variant, seconds in zip(variants, costs, strict=True):
        rate = flops / seconds
        print(
            f"{variant.name:18} {len(batch.mask) / seconds:8.2f} {costs[0] / seconds:6.2f}x "
            f"{rate / _TERA:8.3f} {rate / peaks[variant.bfloat16]:5.0%}"
        )
    return len(batch.mask) / min(costs)


def _step(variant: Variant, device: torch.device, batch: Batch) -> Callable[[], object]:
    """One whole step of the training loop, run twice so that nothing is prepared in it."""
    photos = CONFIGS["photos"]
    optimizer = replace(photos.optimizer, bfloat16=variant.bfloat16)
    batches = BatchConfig(size=batch.mask.shape[2], batch=len(batch.mask))
    nowhere = Path(tempfile.gettempdir())
    trainer = Trainer(
        replace(photos, optimizer=optimizer, batches=batches),
        RunPlan(
            nowhere, PhotoSource(nowhere, nowhere), steps=10**6, threads=torch.get_num_threads()
        ),
    )
    trainer.network.to(device)
    if not variant.channels_last:
        trainer.network.to(memory_format=torch.contiguous_format)  # pyright: ignore[reportCallIssue] - see the documentation of Module.to
    for group in trainer.optimizer.param_groups:
        group["fused"] = variant.fused
    if variant.mode:
        trainer.model = compiled(trainer.network, variant.mode)
    for _ in range(2):
        trainer.train_step(batch)
    return lambda: trainer.train_step(batch)


def _flops(step: Callable[[], object]) -> int:
    """Multiplications and additions of a step, forward and backward."""
    with FlopCounterMode(display=False) as counted:
        step()
    return counted.get_total_flops()


def _matrix_peak(device: torch.device, *, bfloat16: bool) -> float:
    """FLOP/s of a large matrix product."""
    side = 8192 if device.type == "cuda" else 1024
    one, other = torch.randn(2, side, side, device=device).to(
        torch.bfloat16 if bfloat16 else torch.float32
    )
    _seconds(lambda: one @ other, device)
    return 2 * side**3 / min(_seconds(lambda: one @ other, device) for _ in range(5))


def _print_loader(source: PhotoSource, size: int, images_per_s: float) -> None:
    """Processor time of a picture in a loader process, and of its submasks in there."""
    config = BatchConfig(size=size, batch=16, cutoff_distances=(0.1,))
    make = source.batches(config, 1, 0).maker()
    make(0)
    began = time.process_time()
    batches = [make(number) for number in range(1, 5)]
    made = time.process_time()
    for batch in batches:
        label_submasks(batch.composite, batch.mask, config, np.random.default_rng(0))
    pictures = config.batch * len(batches)
    whole, submasks = (made - began) / pictures, (time.process_time() - made) / pictures
    print(
        f"A picture costs a loader process {1000 * whole:.1f} ms, {1000 * submasks:.1f} of them "
        f"for submasks: {images_per_s:.1f} images/s keep {whole * images_per_s:.1f} busy, "
        f"3,000 would keep {whole * 3000:.0f}, without submasks {(whole - submasks) * 3000:.0f}."
    )


def _seconds(work: Callable[[], object], device: torch.device) -> float:
    _wait(device)
    began = time.perf_counter()
    work()
    _wait(device)
    return time.perf_counter() - began


def _wait(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize()


if __name__ == "__main__":
    main()
