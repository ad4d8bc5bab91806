"""What a folder run is going to do, found out before it does anything."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from cli_runs import Frih

from engine.cli.commands import HarmonizeFolder, Outputs
from engine.cli.folder import plan_folder
from engine.cli.workers import share_cores
from engine.errors import BadInputError, OutputError
from engine.pipeline import Settings


@pytest.fixture
def command(tmp_path: Path) -> HarmonizeFolder:
    """Composites a_1.jpg, a_2.png and b.png; masks a.png and c.png."""
    composites, masks = tmp_path / "composites", tmp_path / "masks"
    for folder, names in (
        (composites, ("a_1.jpg", "a_2.png", "b.png")),
        (masks, ("a.png", "c.png")),
    ):
        folder.mkdir()
        for name in names:
            (folder / name).touch()
    outputs = Outputs(tmp_path / "out", tmp_path / "regions", tmp_path / "labels")
    return HarmonizeFolder(composites, masks, outputs, Settings(), "onnx", None, as_json=False)


def test_each_composite_keeps_its_name_and_its_regions_get_its_stem(
    command: HarmonizeFolder, tmp_path: Path
) -> None:
    jobs = plan_folder(command).jobs
    assert [job.outputs for job in jobs] == [
        Outputs(
            tmp_path / "out/a_1.jpg", tmp_path / "regions/a_1.png", tmp_path / "labels/a_1.png"
        ),
        Outputs(
            tmp_path / "out/a_2.png", tmp_path / "regions/a_2.png", tmp_path / "labels/a_2.png"
        ),
    ]


def test_composites_of_one_stem_get_regions_of_their_own(
    command: HarmonizeFolder, tmp_path: Path
) -> None:
    (command.composites / "a_1.png").touch()
    labels = [job.outputs.labels for job in plan_folder(command).jobs]
    assert labels == [tmp_path / "labels" / f"{name}.png" for name in ("a_1.jpg", "a_1.png", "a_2")]


def test_a_composite_without_a_mask_is_a_failure_and_not_the_end(
    command: HarmonizeFolder,
) -> None:
    (failure,) = plan_folder(command).failures
    assert failure.composite == command.composites / "b.png"
    assert "has no mask" in failure.sentence


def test_planning_makes_no_folder(command: HarmonizeFolder, tmp_path: Path) -> None:
    plan_folder(command)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["composites", "masks"]


@pytest.mark.parametrize("name", ["composites", "masks"])
def test_results_do_not_go_among_the_inputs(
    command: HarmonizeFolder, tmp_path: Path, name: str
) -> None:
    with pytest.raises(OutputError, match="also an input"):
        plan_folder(replace(command, outputs=Outputs(tmp_path / name)))


def test_results_and_labels_do_not_share_a_folder(command: HarmonizeFolder, tmp_path: Path) -> None:
    outputs = Outputs(tmp_path / "out", labels=tmp_path / "out")
    with pytest.raises(OutputError, match="two results"):
        plan_folder(replace(command, outputs=outputs))


def test_composites_and_masks_in_one_folder_are_refused(command: HarmonizeFolder) -> None:
    with pytest.raises(BadInputError, match="folders of their own"):
        plan_folder(replace(command, masks=command.composites))


@pytest.mark.parametrize(
    ("place", "part"),
    [("absent", "does not exist"), ("composites/b.png", "is no folder"), ("empty", "holds no PNG")],
)
def test_unusable_folder_of_masks_ends_the_run_at_once(
    command: HarmonizeFolder, tmp_path: Path, frih: Frih, place: str, part: str
) -> None:
    (tmp_path / "empty").mkdir()
    done = frih("harmonize", command.composites, "--mask", tmp_path / place, "-o", tmp_path / "out")
    assert (done.code, done.out) == (2, "")
    (line,) = done.err.splitlines()
    assert line.startswith("frih: ")
    assert part in line
    assert not (tmp_path / "out").exists()


def test_result_folder_that_is_a_file_ends_the_run_at_once(
    command: HarmonizeFolder, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="is a file"):
        plan_folder(replace(command, outputs=Outputs(tmp_path / "file")))


@pytest.mark.parametrize(
    ("cores", "pictures", "asked", "shared"),
    [
        (2, 100, None, (2, 1)),
        (16, 100, None, (8, 2)),
        (16, 3, None, (3, 5)),
        (4, 100, 1, (1, 4)),
        (4, 100, 6, (6, 1)),
        (64, 100, 16, (16, 4)),
        (1, 1, None, (1, 1)),
    ],
)
def test_workers_and_threads_fill_the_cores(
    cores: int, pictures: int, asked: int | None, shared: tuple[int, int]
) -> None:
    assert share_cores(cores, pictures, asked) == shared
