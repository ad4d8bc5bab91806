"""The whole `frih` command on a 12-megapixel JPEG, beside what cannot be avoided and the classic.

Run `python -m benchmarks.command_line --samples DIR` from the repository's root. Every command is
a process of its own, started in turn, so that all of them meet the same machine; printed are
medians of wall time and processor time, the largest peak memory, wall time as a multiple of
Pillow's decoding and encoding alone, and of the wall time the engine's own part. Goal: with four
regions under 2 s wall on two cores and under 700 MB, the engine's part under 1 s.

For Linux and macOS. This process imports nothing large, because Linux counts a parent's memory
into its children's peak.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

PROJECT = Path(__file__).resolve().parents[1]
PHOTO = "04_hands_garden"
FOUR, TEN = ("--cutoff-distance", "0.2"), ("--cutoff-distance", "0.2", "--paper")
_MB = 10**6 if sys.platform == "darwin" else 10**3

PILLOW = """
import sys
from PIL import Image
with Image.open(sys.argv[1]) as photo, Image.open(sys.argv[2]) as mask:
    mask.load()
    photo.save(sys.argv[3], "JPEG", quality="keep")
"""
REINHARD = """
import sys
import numpy as np
from PIL import Image
with Image.open(sys.argv[1]) as photo, Image.open(sys.argv[2]) as mask:
    rgb, soft = np.asarray(photo, np.float32), np.asarray(mask, np.float32)[..., None] / 255
inside, outside = rgb[soft[..., 0] >= 0.5], rgb[soft[..., 0] < 0.5]
scale = outside.std(0, dtype=np.float64) / inside.std(0, dtype=np.float64)
moved = (rgb - inside.mean(0, dtype=np.float64)) * scale + outside.mean(0, dtype=np.float64)
result = np.clip(np.rint(rgb + soft * (moved - rgb)), 0, 255).astype(np.uint8)
Image.fromarray(result).save(sys.argv[3], quality=90)
"""


@dataclass(frozen=True, slots=True)
class Measurement:
    """One run: seconds, 10**6 bytes, and what the command printed."""

    wall_s: float
    cpu_s: float
    peak_mb: float
    printed: str


def measure(command: list[str]) -> Measurement:
    """Run a command to its end. Raises CalledProcessError where it fails."""
    with tempfile.TemporaryFile("w+") as printed:
        began = time.perf_counter()
        running = subprocess.Popen(  # noqa: S603 - the commands stand in this file
            command, cwd=PROJECT, stdout=printed, stderr=subprocess.DEVNULL
        )
        _, status, usage = os.wait4(running.pid, 0)
        wall_s = time.perf_counter() - began
        running.returncode = os.waitstatus_to_exitcode(status)
        if running.returncode != 0:
            raise subprocess.CalledProcessError(running.returncode, command)
        printed.seek(0)
        cpu_s = usage.ru_utime + usage.ru_stime
        return Measurement(wall_s, cpu_s, usage.ru_maxrss / _MB, printed.read())


def commands(samples: Path, out: Path) -> dict[str, list[str]]:
    """All that is compared, by the name it has in the table; the yardstick first."""
    files = [str(samples / f"{PHOTO}.jpg"), str(samples / f"{PHOTO}_mask.png")]
    frih = [sys.executable, "-m", "engine.cli.main", "harmonize", files[0], "--mask", files[1]]
    frih += ["-o", str(out), "--json"]
    return {
        "Pillow: decode and encode alone": [sys.executable, "-c", PILLOW, *files, str(out)],
        "numpy: mean and deviation (Reinhard)": [sys.executable, "-c", REINHARD, *files, str(out)],
        "frih": [*frih, *FOUR],
        "frih, every small region kept": [*frih, *TEN],
    }


def row(name: str, runs: list[Measurement], yardstick_s: float) -> str:
    """One line of the table."""
    wall_s = median(run.wall_s for run in runs)
    cpu_s, peak_mb = median(run.cpu_s for run in runs), max(run.peak_mb for run in runs)
    regions = engine = ""
    if runs[0].printed:
        reports = [json.loads(run.printed) for run in runs]
        regions = str(reports[0]["count"])
        engine = f"{median(report['timings_s']['engine'] for report in reports):.2f}"
    times = f"{wall_s:8.2f}{cpu_s:8.2f}{peak_mb:9.0f}{wall_s / yardstick_s:9.1f}"
    return f"{name:<40}{regions:>3}{times}{engine:>10}"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=Path, default=PROJECT.parent / "shared" / "samples")
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        compared = commands(options.samples.absolute(), Path(folder, "out.jpg"))
        for command in compared.values():
            measure(command)  # fills the disk's cache
        runs: dict[str, list[Measurement]] = {name: [] for name in compared}
        for _ in range(options.repeats):
            for name, command in compared.items():
                runs[name].append(measure(command))
    yardstick_s = median(run.wall_s for run in next(iter(runs.values())))
    print(f"{PHOTO}.jpg, 12.5 MP; {os.cpu_count()} cores; median of {options.repeats}")
    print(f"{'':<40}{'K':>3}{'wall s':>8}{'CPU s':>8}{'peak MB':>9}{'x Pillow':>9}{'engine s':>10}")
    for name, measured in runs.items():
        print(row(name, measured, yardstick_s))


if __name__ == "__main__":
    main()
