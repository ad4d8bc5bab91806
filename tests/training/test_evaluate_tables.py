"""What the command writes beside its overview: tables, cost, full size, distances, the sheet."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from darken_backend import SHIFT, DarkenBackend, stand_in
from iharmony_folder import write_set, write_triple

from engine.pipeline import Settings
from training import evaluate
from training.__main__ import main
from training.cost import machine_name, time_ours
from training.evaluate import NO_LPIPS
from training.iharmony import load_triples
from training.iharmony_views import read_triple
from training.measuring import Wanted, measure
from training.metrics import score
from training.table import FMSE, Metric
from training.through_engine import OnePassBackend, Way, outcomes

NAMES = {"f1_1_1": SHIFT, "f2_1_1": SHIFT, "f3_1_1": 0}


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(evaluate, "open_backend", stand_in)
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    write_set(tmp_path / "set", NAMES)
    return tmp_path / "set"


def evaluated(data: Path, *more: str) -> dict[str, Any]:
    out = data / "report.json"
    assert main(["evaluate", "--data", str(data), "--json", str(out), *more]) == 0
    content: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    return content


def titled(content: dict[str, Any], start: str) -> dict[str, Any]:
    table: dict[str, Any] = next(t for t in content["tables"] if t["title"].startswith(start))
    return table


def test_tables_1_and_2_and_the_share_made_worse_are_always_there(data: Path) -> None:
    content = evaluated(data)
    titles = [table["title"].partition(":")[0] for table in content["tables"]]
    assert titles == ["Table 1", "Table 2", "Share made worse, at 256 x 256"]
    columns = titled(content, "Table 1")["columns"]
    assert columns == ["HFlickr", "all"]


def test_four_sub_datasets_get_their_columns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evaluate, "open_backend", stand_in)
    names = {"HCOCO": "c1_1_1", "HAdobe5k": "a1_1_1", "HFlickr": "f1_1_1", "Hday2night": "d1_1_1"}
    for subset, name in names.items():
        write_triple(tmp_path / subset, name, SHIFT, 1)
    lines = [f"{subset}/composite_images/{name}.jpg\n" for subset, name in names.items()]
    (tmp_path / "IHD_test.txt").write_text("".join(lines))
    assert titled(evaluated(tmp_path), "Table 1")["columns"] == [*names, "all"]


def test_table_6_has_size_multiplications_and_measured_times(data: Path) -> None:
    table = titled(evaluated(data, "--cost", "--classical"), "Table 6")
    ours, *classical = table["measured"]
    assert ours["cells"]["parameters, M"] == [pytest.approx(12.03, abs=0.01)]
    assert ours["cells"]["GMAC"][0] > 1
    assert {row["method"] for row in classical} == {"Reinhard in Lab", "MKL in RGB", "histogram"}
    for row in table["measured"]:
        assert row["cells"]["ms at 256 x 256"][0] > 0
        assert row["cells"]["ms at own size"][0] > 0
    assert machine_name() in table["note"]


def test_times_are_of_work_done_anew(data: Path) -> None:
    network, triples = DarkenBackend(SHIFT), load_triples(data)
    seconds = time_ours([triples[0], triples[0]], Way((1.0,), Settings()), network)
    assert network.base_calls == 4
    assert min(seconds.at_256, seconds.own_size) > 0


def test_table_5_measures_the_papers_distances_where_none_are_named(data: Path) -> None:
    columns = titled(evaluated(data, "--distances"), "Table 5")["measured"][0]["cells"]
    assert list(columns) == ["0.01", "0.05", "0.1", "0.2", "0.3", "0.4"]


def test_distances_are_used(data: Path) -> None:
    triples = load_triples(data)[:1]
    backend, distances = OnePassBackend(DarkenBackend(SHIFT)), (0.03, 0.3)
    found = measure(triples, Way((1.0,), Settings()), backend, Wanted(distances=distances))
    regions = [found.by_distance[d][0].regions for d in distances]
    pixels = read_triple(triples[0])
    expected = [
        outcomes(pixels, Way((1.0,), Settings(cutoff_distance=d)), backend)[0].regions
        for d in distances
    ]
    assert regions == expected
    assert regions[0] != regions[1]


def test_full_size_is_measured_on_the_pictures_own_pixels(data: Path) -> None:
    triples, way = load_triples(data)[:1], Way((1.0,), Settings())
    backend = OnePassBackend(DarkenBackend(SHIFT))
    found = measure(triples, way, backend, Wanted(classical=True, full_size=True))
    pixels = read_triple(triples[0])
    result = outcomes(pixels, way, backend)[0].pixels
    expected = score(result, pixels.real, np.asarray(pixels.mask) >= 128)
    (record,) = found.full_size["strength 1"]
    assert record.result == expected
    assert record.result != found.ours["strength 1"][0].result
    assert record.ratio == found.ours["strength 1"][0].ratio
    assert set(found.full_size) == set(found.methods)


def test_full_size_tables_are_written(data: Path) -> None:
    content = evaluated(data, "--full-size")
    assert titled(content, "At full size, by sub-dataset")["published"]
    assert titled(content, "Share made worse, at full size")["published"]
    assert list(content["full_size"]) == ["strength 1"]
    assert evaluated(data)["full_size"] == {}


def test_full_size_of_squeezed_results_is_refused(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", "--data", str(data), "--paper", "--full-size"]) == 2
    assert "leave --paper or --full-size out" in capsys.readouterr().err


def test_nothing_published_is_among_the_methods(data: Path) -> None:
    content = evaluated(data, "--classical")
    assert "FRIH" not in content["methods"]
    assert len(content["methods"]) == 7


def test_without_lpips_one_sentence_says_so(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content = evaluated(data)
    assert content["remarks"] == [NO_LPIPS]
    assert capsys.readouterr().out.count(NO_LPIPS) == 1


def test_lpips_is_measured_beside_the_errors(data: Path) -> None:
    way, backend = Way((1.0,), Settings()), OnePassBackend(DarkenBackend(SHIFT))

    def distance(one: object, other: object) -> float:
        return float(np.abs(np.asarray(one, float) - np.asarray(other, float)).mean())

    found = measure(load_triples(data), way, backend, Wanted(lpips=distance))
    better, _, worse = found.ours["strength 1"]
    assert (better.result.lpips or 0) < (better.composite.lpips or 0)
    assert (worse.result.lpips or 0) > (worse.composite.lpips or 0)


def test_lpips_folder_without_weights_is_refused(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", "--data", str(data), "--lpips", str(data)]) == 2
    assert "has no alexnet-owt" in capsys.readouterr().err


def test_weights_that_give_no_numbers_name_the_picture(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def not_a_number(*_: object, **__: object) -> DarkenBackend:
        return DarkenBackend(float("nan"))

    monkeypatch.setattr(evaluate, "open_backend", not_a_number)
    assert main(["evaluate", "--data", str(data)]) == 2
    said = capsys.readouterr().err
    assert "f1_1_1.jpg" in said
    assert "no number" in said


def test_figures_are_printed_with_their_decimals() -> None:
    assert FMSE.printed(1234.567) == "1234.57"
    assert FMSE.printed(None) == "-"
    assert Metric("worse", 1, is_share=True).printed(0.1234) == "12.3 %"
