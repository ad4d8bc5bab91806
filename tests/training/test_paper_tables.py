"""The paper's tables from records: groups, means, and published rows that stay apart."""

from __future__ import annotations

import json

import pytest

from training.full_size_tables import full_size_tables, worse_by_need
from training.metrics import PictureRecord, Score
from training.paper_tables import OTHER, table_1, table_2, table_3, table_4, table_5
from training.published import ALL, RATIOS, SUBSETS
from training.table import Row, Table


def record(
    mse: float, *, subset: str = "HCOCO", ratio: float = 0.1, was: float = 1000.0, now: float = 1.0
) -> PictureRecord:
    return PictureRecord(
        "x", subset, "published", ratio, Score(90.0, 20.0, was), Score(mse, 30.0, now)
    )


def ours(*records: PictureRecord) -> dict[str, list[PictureRecord]]:
    return {"ours": list(records)}


def measured(table: Table, method: str) -> Row:
    return next(row for row in table.measured if row.method == method)


def test_table_1_has_a_column_for_each_sub_dataset_and_means_within() -> None:
    records = [record(10, subset="HFlickr"), record(20, subset="HCOCO"), record(40)]
    table = table_1(ours(*records))
    assert table.columns == ("HCOCO", "HFlickr", ALL)
    cells = measured(table, "ours").cells
    assert cells["HCOCO"] == (30.0, 30.0)
    assert cells["HFlickr"] == (10.0, 30.0)
    assert cells[ALL][0] == pytest.approx(70 / 3)
    assert measured(table, "composite, untouched").cells[ALL] == (90.0, 20.0)
    assert "HCOCO 2, HFlickr 1, all 3" in table.note


def test_pictures_of_no_sub_dataset_have_a_column_of_their_own() -> None:
    table = table_1(ours(record(10), record(30, subset="film")))
    assert table.columns == ("HCOCO", OTHER, ALL)
    assert measured(table, "ours").cells[OTHER] == (30.0, 30.0)


def test_a_set_without_any_sub_dataset_has_one_combined_column() -> None:
    assert table_1(ours(record(10, subset="film"), record(30, subset="x"))).columns == (ALL,)


def test_table_2_has_the_papers_classes_and_leaves_an_empty_one_open() -> None:
    table = table_2(ours(record(1, ratio=0.049, now=10.0), record(2, ratio=0.05, now=20.0)))
    assert table.columns == (*RATIOS, ALL)
    cells = measured(table, "ours").cells
    assert cells["0-5 %"] == (1.0, 10.0)
    assert cells["5-15 %"] == (2.0, 20.0)
    assert "15-100 %" not in cells
    assert "1.00 / 10.00 | 2.00 / 20.00 | - | 1.50 / 15.00 |" in table.markdown()


def test_ablations_stand_over_the_papers_own() -> None:
    records = {"paper-baseline": [record(5)], "paper": [record(3)]}
    for table in (table_3(records), table_4(records)):
        assert [row.method for row in table.measured][1:] == ["paper-baseline", "paper"]
        assert table.published[0].method == "baseline"
        assert len(table.published) == 4


def test_table_5_says_how_far_the_worst_distance_is_behind() -> None:
    far = PictureRecord("x", "s", "k", 0.1, Score(9, 20, 9), Score(8, 29.5, 8))
    table = table_5({0.1: [record(4)], 0.025: [far]})
    assert table.columns[:3] == ("0.01", "0.025", "0.05")
    assert measured(table, "these weights").cells == {"0.1": (4.0, 30.0), "0.025": (8.0, 29.5)}
    assert "0.50 dB" in table.note


def test_worse_is_counted_in_each_class_of_need() -> None:
    records = [
        record(1, was=199.9, now=300), record(1, was=200, now=100), record(1, was=499, now=600),
        record(1, was=3000, now=10),
    ]  # fmt: skip
    table = worse_by_need(ours(*records), full_size=False)
    assert measured(table, "ours").cells == {
        "below 200": (1.0,), "200 to 500": (0.5,), "from 3000": (0.0,), ALL: (0.5,),
    }  # fmt: skip
    assert "| 100.0 % | 50.0 % | - | - | 0.0 % | 50.0 % |" in table.markdown()


def test_published_shares_of_full_size_pictures_stand_below_full_size_ones_alone() -> None:
    records = ours(record(1))
    assert not worse_by_need(records, full_size=False).published
    assert worse_by_need(records, full_size=True).published


def test_full_size_scores_go_by_sub_dataset_and_by_ratio() -> None:
    by_subset, by_ratio = full_size_tables(ours(record(7, subset="HAdobe5k", ratio=0.5)))
    assert measured(by_subset, "ours").cells["HAdobe5k"] == (7.0, 30.0, 1.0)
    assert measured(by_ratio, "ours").cells["15-100 %"] == (7.0, 30.0, 1.0)


def test_published_rows_are_marked_in_markdown_and_apart_in_json() -> None:
    table = table_1(ours(record(10)))
    lines = table.markdown().splitlines()
    assert any(line.startswith("| ours | measured |") for line in lines)
    assert any(
        line.startswith("| FRIH | published: FRIH, Table 1 | 15.05 / 39.35") for line in lines
    )
    assert any(line.startswith("| HDNet | published: HDNet") for line in lines)
    content = json.loads(json.dumps(table.as_json()))
    assert {row["method"] for row in content["measured"]} == {"composite, untouched", "ours"}
    assert all("source" not in row for row in content["measured"])
    assert all(row["source"] for row in content["published"])
    assert set(content["published"][0]["cells"]) == {*SUBSETS, ALL}
