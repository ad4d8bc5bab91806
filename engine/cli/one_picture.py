"""Harmonizes one picture: checks, reads, runs the pipeline, writes, reports."""

from __future__ import annotations

from collections.abc import Callable

from engine.cli.commands import PictureJob
from engine.cli.opened import Opened, open_source
from engine.cli.report import Report, report_of
from engine.cli.results import write_results
from engine.cli.stopwatch import Stopwatch
from engine.files import check_writable
from engine.pipeline import harmonize
from engine.runtime.backend import Backend


def harmonize_picture(job: PictureJob, backend_of: Callable[[], Backend]) -> Report:
    """Do one job whose paths were checked (engine.cli.checks).

    backend_of: asked for the backend after the files were read, so that it can load meanwhile.
    Raises FrihError; then nothing was written, or the sentence says what was.
    """
    stopwatch = Stopwatch()
    with stopwatch.stage("read"):
        opened = open_source(job.source)
        check_writable(job.outputs.picture, opened.document.composite)
    with stopwatch.stage("wait_for_backend"):
        backend = backend_of()
    # Region pictures need the colours from before the change.
    overwrite = not job.outputs.shows_regions
    result = harmonize(opened.document, job.settings, backend, overwrite=overwrite)
    with stopwatch.stage("write"):
        notes = _notes_on(opened) + write_results(job, opened, result)
    timings_s = {
        **stopwatch.seconds,
        **result.timings,
        "engine": sum(result.timings.values()),
        "total": stopwatch.elapsed(),
    }
    return report_of(job, result, backend, timings_s, notes)


def _notes_on(opened: Opened) -> tuple[str, ...]:
    note = opened.document.space.note
    return () if note is None else (note,)
