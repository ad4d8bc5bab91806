"""What a method costs, beside its PSNR: the paper's Table 6, with multiplications and time."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean, median

from engine.color.depth import to_8_bit
from engine.runtime.backend import Backend
from training import published
from training.classical import METHODS
from training.iharmony import Triple
from training.iharmony_views import FOREGROUND_FROM, TriplePixels, read_triple, view_triple
from training.metrics import PictureRecord
from training.network_size import count_operations, count_parameters
from training.published_later import SIZES
from training.summary import mean_score
from training.table import Metric, Row, Table
from training.through_engine import OnePassBackend, Way, outcomes

TIMED_PICTURES = 12
"""Pictures that times are the median of."""

_MILLIONS, _BILLIONS = 1e6, 1e9
_PSNR, _SIZE, _MACS = "PSNR", "parameters, M", "GMAC"
_AT_256, _OWN_SIZE = "ms at 256 x 256", "ms at own size"
_FIGURE = Metric("", 2)


@dataclass(frozen=True, slots=True)
class Seconds:
    """Median wall-clock times of one picture, decoding not counted.

    at_256: the network and its submasks; own_size: from composite to result as a person gets it.
    """

    at_256: float
    own_size: float


def table_6(
    ours: Sequence[PictureRecord],
    classical: dict[str, list[PictureRecord]],
    backend: Backend,
    triples: Sequence[Triple],
    way: Way,
) -> Table:
    """PSNR, parameters, multiplications and time; times are measured here and now."""
    timed = _spread(triples, TIMED_PICTURES)
    regions = fmean(record.regions or 0 for record in ours)
    rows = [_our_row(ours, regions, backend, time_ours(timed, way, backend))]
    rows += [
        _classical_row(name, classical[name], time_classical(timed, name))
        for name in METHODS
        if name in classical
    ]
    return Table(
        "Table 6: size and time",
        (_PSNR, _SIZE, _MACS, _AT_256, _OWN_SIZE),
        (_FIGURE,),
        tuple(rows),
        published.TABLE_6 + SIZES,
        f"GMAC: multiplications of the network for one picture of {regions:.1f} submasks, the mean "
        f"here. Times: median of {len(timed)} pictures on {machine_name()}, {backend.report.got} "
        f"({backend.report.library}), whatever else it did meanwhile.",
    )


def time_ours(triples: Sequence[Triple], way: Way, backend: Backend) -> Seconds:
    """Median times of our pictures, with nothing answered from memory."""
    settings = replace(way.settings, whole_picture=True)
    squeezed = Way((1.0,), settings, paper=True)
    own = replace(way, strengths=(1.0,), paper=False)

    def clocked(pixels: TriplePixels, how: Way) -> float:
        return _seconds(lambda: outcomes(pixels, how, OnePassBackend(backend)))

    return _medians(
        (clocked(pixels, squeezed), clocked(pixels, own)) for pixels in map(read_triple, triples)
    )


def time_classical(triples: Sequence[Triple], name: str) -> Seconds:
    """Median times of a classical method."""
    method = METHODS[name]

    def clocked(pixels: TriplePixels) -> tuple[float, float]:
        view = view_triple(pixels)
        own, inside = to_8_bit(pixels.composite.pixels), to_8_bit(pixels.mask) >= FOREGROUND_FROM
        at_256 = _seconds(lambda: method(view.composite, view.inside))
        return at_256, _seconds(lambda: method(own, inside))

    return _medians(map(clocked, map(read_triple, triples)))


def machine_name() -> str:
    """The processor's name, where the system tells it."""
    cpuinfo = Path("/proc/cpuinfo")
    for line in cpuinfo.read_text().splitlines() if cpuinfo.exists() else ():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _our_row(
    records: Sequence[PictureRecord], regions: float, backend: Backend, seconds: Seconds
) -> Row:
    config = backend.config
    cells = {
        _SIZE: (count_parameters(config)["all"] / _MILLIONS,),
        _MACS: (count_operations(config).of_picture(regions) / _BILLIONS,),
    }
    return Row("these weights", _psnr(records) | cells | _times(seconds))


def _classical_row(name: str, records: Sequence[PictureRecord], seconds: Seconds) -> Row:
    return Row(name, _psnr(records) | _times(seconds))


def _psnr(records: Sequence[PictureRecord]) -> dict[str, tuple[float]]:
    return {_PSNR: (mean_score([record.result for record in records]).psnr,)}


def _times(seconds: Seconds) -> dict[str, tuple[float]]:
    return {_AT_256: (1000 * seconds.at_256,), _OWN_SIZE: (1000 * seconds.own_size,)}


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _medians(pairs: Iterator[tuple[float, float]]) -> Seconds:
    at_256, own_size = zip(*pairs, strict=True)
    return Seconds(median(at_256), median(own_size))


def _spread(triples: Sequence[Triple], count: int) -> list[Triple]:
    count = min(count, len(triples))
    return [triples[index * len(triples) // count] for index in range(count)]
