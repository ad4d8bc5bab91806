"""`frih harmonize` of a folder: worker processes, a progress bar, and no end at a failure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from engine.cli.checks import check_apart, same_place
from engine.cli.commands import HarmonizeFolder, MaskedComposite, Outputs, PictureJob
from engine.cli.console import emit, error_stream, say
from engine.cli.mask_names import mask_for, masks_by_stem, pictures_in
from engine.cli.pool import run_jobs
from engine.cli.progress import ProgressBar
from engine.cli.report import Failure, Report, report_line
from engine.errors import BadInputError, OutputError
from engine.files.atomic import cannot_write, why


@dataclass(frozen=True, slots=True)
class Plan:
    """All jobs of a run, and the pictures that cannot become one."""

    jobs: tuple[PictureJob, ...]
    failures: tuple[Failure, ...]


def run_folder(command: HarmonizeFolder) -> int:
    """Do all pictures of a folder; gives 0, or 1 where some failed.

    Raises FrihError where the run as a whole cannot start.
    """
    plan = plan_folder(command)
    _make_folders(command.outputs)
    bar = ProgressBar(len(plan.jobs) + len(plan.failures), error_stream())
    failed = 0
    with closing(bar), closing(_results(plan, command, bar)) as results:
        for result in results:
            if command.as_json:
                bar.clear()
                emit(report_line(result))
            for line in _told(result):
                bar.write(line)
            failed += isinstance(result, Failure)
            bar.advance()
    total = len(plan.jobs) + len(plan.failures)
    say(f"{total - failed} of {total} pictures harmonized, {failed} failed.")
    return 1 if failed else 0


def plan_folder(command: HarmonizeFolder) -> Plan:
    """Find the composites, their masks and the names of their results; writes nothing.

    Raises BadInputError where there is no picture, OutputError where folders coincide.
    """
    _check_folders(command)
    composites = _listed(command.composites, "composites")
    masks = masks_by_stem(_listed(command.masks, "masks"))
    shared_stems = Counter(path.stem for path in composites)
    jobs: list[PictureJob] = []
    failures: list[Failure] = []
    for composite in composites:
        beside = composite.stem if shared_stems[composite.stem] == 1 else composite.name
        outputs = _outputs_for(command.outputs, composite.name, f"{beside}.png")
        try:
            source = MaskedComposite(composite, mask_for(composite, masks))
        except BadInputError as error:
            failures.append(Failure(composite, outputs.picture, error.code, error.sentence))
            continue
        jobs.append(PictureJob(source, outputs, command.settings, command.backend))
    return Plan(tuple(jobs), tuple(failures))


def _check_folders(command: HarmonizeFolder) -> None:
    inputs = command.composites, command.masks
    if same_place(command.composites, command.masks):
        raise BadInputError("Composites and masks must lie in folders of their own.")
    check_apart(command.outputs.paths, inputs)
    for folder in command.outputs.paths:
        if folder.exists() and not folder.is_dir():
            raise OutputError(f"{folder} is a file; in a folder run results go into folders.")


def _listed(folder: Path, content: str) -> list[Path]:
    try:
        pictures = pictures_in(folder)
    except NotADirectoryError as error:
        raise BadInputError(f"{folder} is no folder; give the folder of {content}.") from error
    except FileNotFoundError as error:
        raise BadInputError(f"{folder} does not exist; give the folder of {content}.") from error
    except OSError as error:
        raise BadInputError(f"{folder} cannot be read because {why(error)}.") from error
    if not pictures:
        raise BadInputError(f"{folder} holds no PNG, JPEG, TIFF or WebP file.")
    return pictures


def _outputs_for(folders: Outputs, name: str, name_beside: str) -> Outputs:
    regions, labels = folders.regions, folders.labels
    return Outputs(
        folders.picture / name,
        None if regions is None else regions / name_beside,
        None if labels is None else labels / name_beside,
    )


def _make_folders(outputs: Outputs) -> None:
    for folder in outputs.paths:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise cannot_write(folder, error) from error


def _results(plan: Plan, command: HarmonizeFolder, bar: ProgressBar) -> Generator[Report | Failure]:
    yield from plan.failures
    with closing(run_jobs(plan.jobs, command.workers, bar.write)) as results:
        yield from results


def _told(result: Report | Failure) -> list[str]:
    if isinstance(result, Failure):
        name = str(result.composite)
        return [f"frih: {'' if name in result.sentence else f'{name}: '}{result.sentence}"]
    return [f"{result.job.outputs.picture}: {note}" for note in result.notes]
