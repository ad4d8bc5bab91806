"""`frih harmonize` of one picture, from files to files, with a backend that brightens."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from cli_pictures import HEIGHT, OBJECT, WIDTH, Pictures, composite_pixels, read
from cli_runs import BrighteningBackend, Frih
from made_confidence import hold_back
from PIL import Image

from engine.cli.commands import MaskedComposite, Outputs, PictureJob
from engine.cli.one_picture import harmonize_picture
from engine.cli.single import told
from engine.pipeline import Settings

KEYS = {
    "output",
    "regions_picture",
    "labels_picture",
    "size",
    "confidence",
    "suggested_strength",
    "predicted_change",
    "strength",
    "cutoff_distance",
    "count_before_merging",
    "count",
    "regions",
    "window",
    "device",
    "weights_sha256",
    "timings_s",
    "notes",
}


def test_object_is_changed_and_nothing_else(frih: Frih, pictures: Pictures) -> None:
    done = frih("harmonize", pictures.composite, "--mask", pictures.mask, "-o", pictures.out)
    assert done.code == 0, done.err
    before, after = composite_pixels(), read(pictures.out)
    assert (after[OBJECT] > before[OBJECT]).all()
    after[OBJECT] = before[OBJECT]
    np.testing.assert_array_equal(after, before)


def test_layer_is_pasted_and_changed_where_it_lies(frih: Frih, pictures: Pictures) -> None:
    done = frih(
        "harmonize", "--background", pictures.composite, "--layer", pictures.layer,
        "--at", "-20,30", "-o", pictures.out,
    )  # fmt: skip
    assert done.code == 0, done.err
    before, after = composite_pixels(), read(pictures.out)
    opaque = slice(40, 100), slice(0, 70)
    assert (after[opaque] > (120, 60, 40)).all()
    after[opaque] = before[opaque]
    np.testing.assert_array_equal(after, before)


def test_selection_limits_the_change_to_a_part_of_the_layer(frih: Frih, pictures: Pictures) -> None:
    selection = np.zeros((80, 100), np.uint8)
    selection[:, 50:] = 255
    Image.fromarray(selection).save(pictures.mask)
    done = frih(
        "harmonize", "--background", pictures.composite, "--layer", pictures.layer,
        "--at", "100,100", "--selection", pictures.mask, "-o", pictures.out,
    )  # fmt: skip
    assert done.code == 0, done.err
    after = read(pictures.out)
    assert (after[110:170, 110:150] == (120, 60, 40)).all()
    assert (after[110:170, 150:190] > (120, 60, 40)).all()


def test_json_is_one_line_alone_on_standard_output(frih: Frih, pictures: Pictures) -> None:
    done = frih(
        "harmonize", pictures.composite, "--mask", pictures.mask, "-o", pictures.out,
        "--strength", "0.5", "--region-strength", "1=0.25", "--json",
    )  # fmt: skip
    (line,) = done.out.splitlines()
    report = json.loads(line)
    assert set(report) == KEYS | {"composite", "mask"}
    assert report["composite"] == str(pictures.composite)
    assert report["output"] == str(pictures.out)
    assert report["size"] == [WIDTH, HEIGHT]
    assert (report["strength"], report["cutoff_distance"]) == (0.5, 0.1)
    assert report["device"] == {"asked": "onnx", "got": "onnx", "device": "CPU", "library": "none"}
    assert report["window"] == {"left": 0, "top": 0, "right": WIDTH, "bottom": HEIGHT}
    assert (report["confidence"], report["suggested_strength"]) == (None, 1)
    assert report["predicted_change"] == pytest.approx((0.1 * 255) ** 2, rel=0.01)
    assert report["timings_s"]["engine"] <= report["timings_s"]["total"]
    assert "regions" in done.err


def test_json_describes_the_regions(frih: Frih, pictures: Pictures) -> None:
    done = frih(
        "harmonize", pictures.composite, "--mask", pictures.mask, "-o", pictures.out,
        "--region-strength", "1=0.25", "--json",
    )  # fmt: skip
    report = json.loads(done.out)
    regions = report["regions"]
    assert 2 <= report["count"] == len(regions) <= report["count_before_merging"]
    assert [region["index"] for region in regions] == [*range(len(regions))]
    assert sorted(region["color"] for region in regions[:2]) == [[40, 70, 190], [180, 60, 50]]
    assert [region["strength"] for region in regions[:3]] == [1.0, 0.25, 1.0]
    assert sum(region["share"] for region in regions) == pytest.approx(1, abs=1e-3)
    # The object fills 120 x 160 of 240 x 320 pixels: a quarter of the view, half of it each.
    assert all(7000 < region["view_pixels"] < 8200 for region in regions[:2])


def test_without_json_standard_output_is_empty(frih: Frih, pictures: Pictures) -> None:
    done = frih("harmonize", pictures.composite, "--mask", pictures.mask, "-o", pictures.out)
    assert done.out == ""
    assert re.fullmatch(rf"{re.escape(str(pictures.out))}: \d+ regions, \S+ s on CPU\n", done.err)


def test_region_strength_leaves_its_region_and_no_other(frih: Frih, pictures: Pictures) -> None:
    done = frih(
        "harmonize", pictures.composite, "--mask", pictures.mask, "-o", pictures.out,
        "--region-strength", "0=0", "--labels", pictures.folder / "labels.png",
    )  # fmt: skip
    assert done.code == 0, done.err
    labels = read(pictures.folder / "labels.png")
    changed = (read(pictures.out) != composite_pixels()).any(axis=2)
    well_inside = np.zeros_like(changed)
    well_inside[64:176, 84:152] = well_inside[64:176, 168:236] = True
    assert not changed[(labels == 0) & well_inside].any()
    assert changed[(labels == 1) & well_inside].all()


def test_labels_have_the_regions_numbers_and_255_outside(frih: Frih, pictures: Pictures) -> None:
    path = pictures.folder / "labels.png"
    frih(
        "harmonize", pictures.composite, "--mask", pictures.mask, "-o", pictures.out,
        "--labels", path,
    )  # fmt: skip
    labels = read(path)
    assert (labels.shape, labels.dtype) == ((HEIGHT, WIDTH), np.uint8)
    assert labels[OBJECT].max() < 10
    outside = labels.copy()
    outside[OBJECT] = 255
    assert (outside == 255).all()
    left, right = labels[120, 100], labels[120, 220]
    assert {left, right} == {0, 1}
    assert (labels[64:176, 84:152] == left).all()
    assert (labels[64:176, 168:236] == right).all()


@pytest.mark.parametrize("name", ["regions.png", "regions.jpg", "regions.webp", "regions.tif"])
def test_regions_picture_is_written_in_any_format(
    frih: Frih, pictures: Pictures, name: str
) -> None:
    path = pictures.folder / name
    done = frih(
        "harmonize", pictures.composite, "--mask", pictures.mask, "-o", pictures.out,
        "--regions", path,
    )  # fmt: skip
    assert done.code == 0, done.err
    assert read(path).shape[:2] > (HEIGHT, WIDTH - 1)


def test_result_is_the_same_with_and_without_regions_pictures(
    frih: Frih, pictures: Pictures
) -> None:
    options = ("harmonize", pictures.composite, "--mask", pictures.mask, "-o")
    frih(*options, pictures.out)
    other = pictures.folder / "other.png"
    frih(*options, other, "--regions", pictures.folder / "r.png")
    assert pictures.out.read_bytes() == other.read_bytes()


def test_regions_pictures_show_the_colors_from_before_the_change(
    frih: Frih, pictures: Pictures
) -> None:
    shown: list[bytes] = []
    for strength in ("0", "1"):
        path = pictures.folder / f"regions_{strength}.png"
        frih(
            "harmonize", pictures.composite, "--mask", pictures.mask, "-o", pictures.out,
            "--strength", strength, "--regions", path,
        )  # fmt: skip
        shown.append(path.read_bytes())
    assert shown[0] == shown[1]


def test_strength_0_gives_the_files_own_bytes(frih: Frih, pictures: Pictures) -> None:
    photo, out = pictures.folder / "photo.jpg", pictures.folder / "out.jpg"
    Image.fromarray(composite_pixels()).save(photo, quality=70)
    done = frih("harmonize", photo, "--mask", pictures.mask, "-o", out, "--strength", "0")
    assert done.code == 0, done.err
    assert out.read_bytes() == photo.read_bytes()


def job_of(pictures: Pictures, out: Path, **settings: float) -> PictureJob:
    source = MaskedComposite(pictures.composite, pictures.mask)
    return PictureJob(source, Outputs(out), replace(Settings(), **settings), "onnx")  # type: ignore[arg-type]


def test_picture_that_seems_to_fit_is_copied_and_that_is_told(
    pictures: Pictures, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold_back(monkeypatch, 1e6)
    report = harmonize_picture(job_of(pictures, pictures.out), lambda: BrighteningBackend(0.1))
    assert report.strength == 0
    assert pictures.out.read_bytes() == pictures.composite.read_bytes()
    assert (
        f"{pictures.composite} already seems to fit: nothing was changed; "
        "--strength 1 changes it wholly."
    ) in told(report)


def test_picture_that_seems_to_fit_keeps_its_pixels_in_another_format(
    pictures: Pictures, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = pictures.folder / "out.tif"
    hold_back(monkeypatch, 1e6)
    harmonize_picture(job_of(pictures, out), lambda: BrighteningBackend(0.1))
    np.testing.assert_array_equal(read(out), composite_pixels())


def test_lowered_strength_is_told_and_written(
    frih: Frih, pictures: Pictures, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The backend changes by a mean square of 650, and half of it counts.
    hold_back(monkeypatch, 0.5 * 650 / 1.5)
    done = frih(
        "harmonize", pictures.composite, "--mask", pictures.mask, "-o", pictures.out, "--json"
    )
    report = json.loads(done.out)
    assert report["confidence"] == 0.5
    assert report["strength"] == report["suggested_strength"] == pytest.approx(0.5, abs=0.01)
    assert "already seems to fit: changed by 50% only" in done.err
    lowered = read(pictures.out)
    again = frih(
        "harmonize", pictures.composite, "--mask", pictures.mask, "-o", pictures.out,
        "--strength", str(report["strength"]), "--json",
    )  # fmt: skip
    assert "seems to fit" not in again.err
    np.testing.assert_array_equal(read(pictures.out), lowered)


def test_what_a_file_cannot_keep_is_told(frih: Frih, pictures: Pictures) -> None:
    from imagecodecs import png_encode  # noqa: PLC0415 - Pillow cannot write 16-bit colour

    deep = composite_pixels().astype(np.uint16) * 257
    pictures.composite.write_bytes(png_encode(deep))
    done = frih(
        "harmonize", pictures.composite, "--mask", pictures.mask,
        "-o", pictures.folder / "out.jpg", "--json",
    )  # fmt: skip
    (note,) = json.loads(done.out)["notes"]
    assert "16-bit picture was rounded" in note
    assert note in done.err


def test_demo_writes_both_pictures_and_prints_the_path_alone(frih: Frih, tmp_path: Path) -> None:
    out = tmp_path / "demo.jpg"
    done = frih("demo", "-o", out)
    assert (done.code, done.out) == (0, f"{out}\n")
    with Image.open(out) as picture:
        assert picture.width > 2 * 1000
