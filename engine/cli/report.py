"""What is told about a picture that was done, or was not: one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from engine.cli.commands import PastedLayer, PictureJob, Source
from engine.cli.region_colors import overlay_colors
from engine.confidence import Estimate
from engine.pipeline import Harmonization
from engine.runtime.backend import Backend, DeviceReport
from engine.view import Box

Rgb = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class RegionReport:
    """One region.

    color: sRGB of its cluster center; view_pixels: its pixels in the 256 x 256 view; share: of
    the foreground; overlay_color: sRGB in the picture of --regions.
    """

    index: int
    color: Rgb
    view_pixels: int
    share: float
    strength: float
    overlay_color: Rgb


@dataclass(frozen=True, slots=True)
class Report:
    """One picture that was done.

    size: width and height; strength: the one used; estimate: of the engine, with the strength it
    suggests; predicted_change: mean square (0..255) of the change in the view at strength 1;
    timings_s: seconds by stage; notes: what the written file does not keep.
    """

    job: PictureJob
    size: tuple[int, int]
    strength: float
    estimate: Estimate
    count_before_merging: int
    regions: tuple[RegionReport, ...]
    predicted_change: float
    window: Box
    device: DeviceReport
    weights_sha256: str
    timings_s: Mapping[str, float]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Failure:
    """One picture of a folder that was not done, and why."""

    composite: Path
    output: Path
    code: str
    sentence: str


def report_of(
    job: PictureJob,
    result: Harmonization,
    backend: Backend,
    timings_s: Mapping[str, float],
    notes: tuple[str, ...],
) -> Report:
    """Gather what is worth telling."""
    return Report(
        job,
        (result.picture.width, result.picture.height),
        result.strength,
        result.estimate,
        result.regions.count_before_merging,
        _regions(job, result),
        result.predicted_change,
        result.view.window,
        backend.report,
        backend.weights_sha256,
        timings_s,
        notes,
    )


def report_line(report: Report | Failure) -> str:
    """One JSON object without a line break, in ASCII."""
    return json.dumps(_failed(report) if isinstance(report, Failure) else _done(report))


def _regions(job: PictureJob, result: Harmonization) -> tuple[RegionReport, ...]:
    submasks = result.regions.submasks
    total = max(1, int(submasks.areas.sum()))
    strengths = job.settings.region_strengths
    return tuple(
        RegionReport(
            index,
            (int(center[0]), int(center[1]), int(center[2])),
            int(area),
            round(int(area) / total, 4),
            strengths.get(index, 1.0),
            overlay,
        )
        for index, (center, area, overlay) in enumerate(
            zip(submasks.centers, submasks.areas, overlay_colors(submasks.count), strict=True)
        )
    )


def _done(report: Report) -> dict[str, object]:
    outputs, settings = report.job.outputs, report.job.settings
    return {
        **_inputs(report.job.source),
        "output": str(outputs.picture),
        "regions_picture": None if outputs.regions is None else str(outputs.regions),
        "labels_picture": None if outputs.labels is None else str(outputs.labels),
        "size": report.size,
        "confidence": _rounded(report.estimate.confidence),
        "suggested_strength": _rounded(report.estimate.strength),
        "predicted_change": round(report.predicted_change, 3),
        "strength": _rounded(report.strength),
        "cutoff_distance": settings.cutoff_distance,
        "count_before_merging": report.count_before_merging,
        "count": len(report.regions),
        "regions": [asdict(region) for region in report.regions],
        "window": asdict(report.window),
        "device": asdict(report.device),
        "weights_sha256": report.weights_sha256,
        "timings_s": {name: round(seconds, 4) for name, seconds in report.timings_s.items()},
        "notes": report.notes,
    }


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 3)


def _failed(failure: Failure) -> dict[str, object]:
    return {
        "composite": str(failure.composite),
        "output": str(failure.output),
        "error": {"code": failure.code, "sentence": failure.sentence},
    }


def _inputs(source: Source) -> dict[str, object]:
    if isinstance(source, PastedLayer):
        return {
            "background": str(source.background),
            "layer": str(source.layer),
            "at": source.at,
            "selection": None if source.selection is None else str(source.selection),
        }
    return {"composite": str(source.composite), "mask": str(source.mask)}
