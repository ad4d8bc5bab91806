"""`frih harmonize` of one picture: the backend loads while the files are read."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from engine.cli.checks import check_paths
from engine.cli.commands import HarmonizePicture, MaskedComposite
from engine.cli.console import emit, say
from engine.cli.one_picture import harmonize_picture
from engine.cli.report import Report, report_line
from engine.runtime.backend import open_backend


def run_single(command: HarmonizePicture) -> int:
    """Harmonize, report; gives the exit code 0. Raises FrihError."""
    check_paths(command.job)
    with ThreadPoolExecutor(1) as loader:
        backend = loader.submit(open_backend, command.job.backend)
        report = harmonize_picture(command.job, backend.result)
    if command.as_json:
        emit(report_line(report))
    for line in told(report):
        say(line)
    return 0


def told(report: Report) -> list[str]:
    """What a person should know of a picture that was done."""
    source, out = report.job.source, report.job.outputs.picture
    name = source.composite if isinstance(source, MaskedComposite) else source.layer
    seconds, device = report.timings_s["total"], report.device.device
    regions = "1 region" if len(report.regions) == 1 else f"{len(report.regions)} regions"
    lines = [f"{out}: {regions}, {seconds:.1f} s on {device}"]
    if report.job.settings.strength is None and report.strength < 1:
        lines.append(f"{name} already seems to fit: {_how_far(report.strength)}")
    return [*lines, *(f"{out}: {note}" for note in report.notes)]


def _how_far(strength: float) -> str:
    changed = "nothing was changed" if strength == 0 else f"changed by {strength:.0%} only"
    return f"{changed}; --strength 1 changes it wholly."
