"""What the engine process costs: to start, while idle, and for each thing a person does.

Run `python -m benchmarks.engine_process [--samples DIR]` from the repository's root. The real
process, spoken to as an editor does. Start: from the call to hello's answer, to the first layer's
answer, and to the moment when all is warm. Memory: resident megabytes (of Linux), when hello was
answered, when warm, and with layers open. Then the bundled example, and with --samples a layer on
12 megapixels: seconds as the editor sees them, least and median of some runs, with the pipe in.
Regions and drags are asked for at granularities that no cache has seen.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, TypeVar, cast

import numpy as np

from engine.cli.examples import example_names, example_source
from engine.color.picture import Picture
from engine.files import read_picture
from engine.server.pixels import wire_pixels
from frih_plugin.protocol import PROTOCOL_VERSION
from frih_plugin.protocol.codec import Call, Reply, decode_for_editor, encode
from frih_plugin.protocol.framing import FrameReader, encode_frame
from frih_plugin.protocol.messages import (
    Answer,
    CloseLayer,
    Failure,
    FindRegions,
    Harmonize,
    Hello,
    LayerOpened,
    MakePreview,
    OpenLayer,
    RegionsFound,
    Request,
    ResultSettings,
    Welcome,
)
from frih_plugin.protocol.pixels import Pixels

_KEY = "layer"
_STARTS = 5
_UNTIL_IDLE_S = 4
_SLIDER = tuple(round(0.3 - 0.0125 * step, 4) for step in range(23))
A = TypeVar("A")


@dataclass(frozen=True, slots=True)
class Start:
    """Seconds to hello's answer, and until all is warm; resident megabytes at both moments."""

    hello_s: float
    warm_s: float
    hello_mb: float
    warm_mb: float


class Engine:
    """An engine process, asked one thing at a time."""

    def __init__(self, log_folder: str) -> None:
        self.began = time.perf_counter()
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "engine.server", "--log-folder", log_folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._input = cast("IO[bytes]", self._process.stdin)
        self._output = cast("IO[bytes]", self._process.stdout)
        self._reader = FrameReader()
        self._id = 0

    def ask(self, request: Request, kind: type[A]) -> A:
        """Send a request and wait for its answer."""
        self._id += 1
        for piece in encode_frame(encode(Call(self._id, request))):
            self._input.write(piece)
        self._input.flush()
        answer = self._answer(request.ANSWER)
        if not isinstance(answer, kind):
            raise SystemExit(f"The engine answered: {answer}")
        return answer

    def resident_mb(self) -> float:
        """Resident memory; not a number where the system does not tell."""
        status = Path(f"/proc/{self._process.pid}/status")
        if not status.is_file():
            return float("nan")
        fields = dict(line.split(":", 1) for line in status.read_text().splitlines())
        return int(fields["VmRSS"].split()[0]) / 1000

    def end(self) -> None:
        """Close the pipe and wait."""
        self._input.close()
        self._process.wait()
        self._output.close()

    def _answer(self, kind: type[Answer]) -> Answer | Failure:
        while True:
            chunk = self._output.read1(1 << 20)  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownVariableType] - a BufferedReader
            if not chunk:
                raise SystemExit("The engine ended.")
            for frame in self._reader.feed(cast("bytes", chunk)):
                message = decode_for_editor(frame, lambda _: kind)
                if isinstance(message, Reply):
                    return message.outcome


def started(log_folder: str) -> tuple[Engine, Start]:
    """A warm engine. Only one thing is done at a time, so a request after hello waits for that."""
    engine = Engine(log_folder)
    engine.ask(Hello(PROTOCOL_VERSION, "benchmark"), Welcome)
    hello_s, hello_mb = time.perf_counter() - engine.began, engine.resident_mb()
    engine.ask(CloseLayer("none"), object)
    warm_s = time.perf_counter() - engine.began
    return engine, Start(hello_s, warm_s, hello_mb, engine.resident_mb())


def on_wire(picture: Picture) -> Pixels:
    """A picture as an editor sends it."""
    if picture.alpha is None:
        return wire_pixels(picture.pixels, "rgb", picture.icc)
    return wire_pixels(np.dstack([picture.pixels, picture.alpha]), "rgba", picture.icc)


def example_request() -> OpenLayer:
    """The first of the bundled examples."""
    source = example_source(example_names()[0])
    layer, background = read_picture(source.layer).picture, read_picture(source.background).picture
    return OpenLayer(_KEY, on_wire(layer), *source.at, on_wire(background))


def sample_request(samples: Path) -> OpenLayer:
    """A cut-out on a photograph of 12 megapixels in Display P3."""
    layer = read_picture(samples / "caseA_plush_cutout.png").picture
    background = read_picture(samples / "02_park_displayp3.jpg").picture
    return OpenLayer(_KEY, on_wire(layer), 1480, 1815, on_wire(background))


def timed(runs: Sequence[Callable[[], object]]) -> str:
    """Least, median and 95th percentile in milliseconds."""
    seconds: list[float] = []
    for run in runs:
        began = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - began)
    late = float(np.quantile(seconds, 0.95))
    return f"{1e3 * min(seconds):8.1f} {1e3 * statistics.median(seconds):8.1f} {1e3 * late:8.1f}"


def print_work(engine: Engine, request: OpenLayer, title: str) -> None:
    """The table of what a person does with one layer."""
    print(f"\n{title}; milliseconds              least   median      95%")
    asks = {
        "open": [lambda: engine.ask(request, LayerOpened)] * 3,
        "regions at a new granularity": [_regions(engine, c) for c in _SLIDER],
        "first preview": [lambda: engine.ask(MakePreview(_KEY, ResultSettings()), object)],
        "drag to a new granularity": [_preview(engine, c, "drag") for c in _SLIDER],
        "drag back": [_preview(engine, c, "drag") for c in _SLIDER],
        "rest at a new granularity": [_preview(engine, c, "rest") for c in _SLIDER[::4]],
        "strength moved": [_strength(engine, s / 10) for s in range(1, 10)],
        "full result": [lambda: engine.ask(Harmonize(_KEY, ResultSettings()), object)] * 3,
    }
    for name, runs in asks.items():
        print(f"  {name:32} {timed(runs)}")
    counts = [len(engine.ask(FindRegions(_KEY, c), RegionsFound).regions) for c in _SLIDER]
    busy_mb = engine.resident_mb()
    time.sleep(_UNTIL_IDLE_S)
    print(f"  {min(counts)} to {max(counts)} regions")
    print(f"  resident {busy_mb:.0f} MB, {engine.resident_mb():.0f} MB after some seconds' rest")


def _regions(engine: Engine, cutoff: float) -> Callable[[], object]:
    return lambda: engine.ask(FindRegions(_KEY, cutoff), RegionsFound)


def _preview(engine: Engine, cutoff: float, quality: str) -> Callable[[], object]:
    kind = "drag" if quality == "drag" else "rest"
    return lambda: engine.ask(MakePreview(_KEY, ResultSettings(cutoff), kind), object)


def _strength(engine: Engine, strength: float) -> Callable[[], object]:
    settings = ResultSettings(strength=strength)
    return lambda: engine.ask(MakePreview(_KEY, settings, "drag"), object)


def print_start(starts: Sequence[Start]) -> None:
    """The table of starts."""
    print(f"{len(starts)} starts                       least   median")
    for name, values in (
        ("hello answered, ms", [1e3 * s.hello_s for s in starts]),
        ("warm, ms", [1e3 * s.warm_s for s in starts]),
        ("resident at hello, MB", [s.hello_mb for s in starts]),
        ("resident when warm, MB", [s.warm_mb for s in starts]),
    ):
        print(f"  {name:24} {min(values):8.0f} {statistics.median(values):8.0f}")


def main() -> None:
    """Print all tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--samples", type=Path, metavar="DIR", help="full-size photographs")
    arguments = parser.parse_args()
    with TemporaryDirectory() as log_folder:
        starts: list[Start] = []
        for _ in range(_STARTS):
            engine, start = started(log_folder)
            starts.append(start)
            engine.end()
        print_start(starts)
        engine, _ = started(log_folder)
        print_work(engine, example_request(), "The bundled example")
        if arguments.samples is not None:
            print_work(engine, sample_request(arguments.samples), "12 megapixels, Display P3")
        engine.end()


if __name__ == "__main__":
    main()
