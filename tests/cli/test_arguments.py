"""From a command line to a command."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.cli.arguments import joined_offsets, parse
from engine.cli.commands import (
    HarmonizeFolder,
    HarmonizePicture,
    MaskedComposite,
    Outputs,
    PastedLayer,
    RunDemo,
    ShowInfo,
)
from engine.cli.values import offset, region_strength
from engine.errors import BadInputError, CutoffDistanceError
from engine.pipeline import PAPER_SETTINGS, Settings

COMPOSITE = "harmonize photo.png --mask mask.png -o out.png"
LAYER = "harmonize --background b.png --layer l.png --at 3,4 -o out.png"


def single(line: str) -> HarmonizePicture:
    command = parse(line.split())
    assert isinstance(command, HarmonizePicture)
    return command


def test_composite_and_mask_with_everything_at_its_default() -> None:
    command = single(COMPOSITE)
    assert command.job.source == MaskedComposite(Path("photo.png"), Path("mask.png"))
    assert command.job.outputs == Outputs(Path("out.png"))
    assert command.job.settings == Settings()
    assert command.job.backend == "onnx"
    assert not command.as_json


def test_layer_with_a_selection() -> None:
    command = single(f"{LAYER} --selection s.png")
    assert command.job.source == PastedLayer(Path("b.png"), Path("l.png"), (3, 4), Path("s.png"))


def test_every_setting_arrives() -> None:
    command = single(
        f"{COMPOSITE} --cutoff-distance 0.05 --strength 0.5 --region-strength 1=0.25 "
        "--region-strength 0=0 --regions r.jpg --labels l.png --backend torch --json"
    )
    assert command.job.settings == Settings(0.05, 0.5, {1: 0.25, 0: 0.0})
    assert command.job.outputs == Outputs(Path("out.png"), Path("r.jpg"), Path("l.png"))
    assert command.job.backend == "torch"
    assert command.as_json


def test_paper_keeps_small_regions_and_shows_the_whole_picture() -> None:
    settings = single(f"{COMPOSITE} --paper --cutoff-distance 0.2").job.settings
    assert (settings.min_area, settings.whole_picture) == (0, True)
    assert settings.strength == PAPER_SETTINGS.strength == 1
    assert single(COMPOSITE).job.settings.strength is None
    assert settings.cutoff_distance == 0.2


def test_a_folder_is_told_by_looking(tmp_path: Path) -> None:
    command = parse(["harmonize", str(tmp_path), "--mask", "m", "-o", "out", "--workers", "3"])
    assert isinstance(command, HarmonizeFolder)
    assert (command.composites, command.masks) == (tmp_path, Path("m"))
    assert (command.outputs, command.workers) == (Outputs(Path("out")), 3)


def test_info_and_demo() -> None:
    assert parse(["info", "--json"]) == ShowInfo(as_json=True)
    assert parse(["demo", "-o", "x.jpg"]) == RunDemo(Path("x.jpg"), "cake")


@pytest.mark.parametrize("distance", ["0.005", "0.4", "0.1234"])
def test_cutoff_distances_up_to_the_ends_are_taken(distance: str) -> None:
    settings = single(f"{COMPOSITE} --cutoff-distance {distance}").job.settings
    assert settings.cutoff_distance == float(distance)


@pytest.mark.parametrize("distance", ["0.0049", "0.4001", "0", "-1", "nan", "inf", "0.12345"])
def test_other_cutoff_distances_are_refused(distance: str) -> None:
    with pytest.raises(CutoffDistanceError, match="cutoff distance"):
        parse([*COMPOSITE.split(), f"--cutoff-distance={distance}"])


@pytest.mark.parametrize("option", ["--strength=1.01", "--strength=-0.1", "--strength=nan"])
def test_strengths_outside_0_to_1_are_refused(option: str) -> None:
    with pytest.raises(BadInputError, match="between 0 and 1"):
        parse([*COMPOSITE.split(), option])


@pytest.mark.parametrize(
    ("value", "part"),
    [
        ("1", "INDEX=VALUE"),
        ("=0.5", "INDEX=VALUE"),
        ("a=1", "INDEX=VALUE"),
        ("10=1", "0 to 9, not 10"),
        ("-1=1", "0 to 9, not -1"),
        ("1=1.5", "between 0 and 1"),
        ("1=nan", "between 0 and 1"),
    ],
)
def test_bad_region_strengths_are_refused(value: str, part: str) -> None:
    with pytest.raises(BadInputError, match=part):
        parse([*COMPOSITE.split(), f"--region-strength={value}"])


@pytest.mark.parametrize(
    ("line", "part"),
    [
        ("harmonize -o out.png", "Give a composite"),
        ("harmonize photo.png -o out.png", "--mask MASK is missing"),
        ("harmonize --layer l.png --at 1,1 -o out.png", "--background BG is missing"),
        ("harmonize --background b.png --at 1,1 -o out.png", "--layer LAYER is missing"),
        ("harmonize --background b.png --layer l.png -o out.png", "--at X,Y is missing"),
        (f"{LAYER} --mask m.png", "--mask does not go with a layer; use --selection"),
        (f"{COMPOSITE} --at 1,1", "--at does not go with a composite"),
        (f"{COMPOSITE} --selection s.png", "--selection does not go with a composite"),
        (f"{COMPOSITE} --workers 2", "--workers does not go with a single picture"),
        ("harmonize . -o out", "--mask MASKDIR is missing"),
        ("harmonize . --mask m -o out --workers 0", "at least 1"),
        ("harmonize . --mask m -o out --layer l.png", "--layer does not go with a folder"),
        ("harmonize --background b.png --layer l.png --at 1.5,2 -o o.png", "whole numbers"),
    ],
)
def test_options_that_do_not_fit_together_are_refused(line: str, part: str) -> None:
    with pytest.raises(BadInputError, match=part):
        parse(line.split())


@pytest.mark.parametrize(
    "line", ["", "harmonise", "harmonize --mask m.png x.png", "harmonize -o", "info --jso"]
)
def test_unreadable_command_lines_show_the_usage(
    line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        parse(line.split())
    assert stop.value.code == 2
    assert capsys.readouterr().err.startswith("usage: frih")


def test_negative_offsets_need_no_equals_sign() -> None:
    source = single(LAYER.replace("3,4", "-30,-4")).job.source
    assert isinstance(source, PastedLayer)
    assert source.at == (-30, -4)


def test_only_offsets_are_joined() -> None:
    assert joined_offsets(["--at", "-o", "x"]) == ["--at", "-o", "x"]


@pytest.mark.parametrize("text", ["1", "1,", "a,b", "1,2,3", "1.0,2", " 1,2", "1;2"])
def test_malformed_offsets_are_refused(text: str) -> None:
    with pytest.raises(BadInputError, match="two whole numbers"):
        offset(text)


def test_region_strength_is_an_index_and_a_number() -> None:
    assert region_strength("3=.75") == (3, 0.75)
