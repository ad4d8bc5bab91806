"""Published figures are kept whole, with their sources, and apart from what is measured."""

from __future__ import annotations

import pytest

from training import published, published_later
from training.published import ALL, RATIOS, SUBSETS, published_rows
from training.table import Row

TABLES = {
    "1": published.TABLE_1,
    "2": published.TABLE_2,
    "3": published.TABLE_3,
    "4": published.TABLE_4,
    "5": published.TABLE_5,
    "6": published.TABLE_6,
}


def row(rows: tuple[Row, ...], method: str) -> Row:
    return next(row for row in rows if row.method == method)


@pytest.mark.parametrize("number", TABLES)
def test_every_row_of_a_table_says_where_it_is_printed(number: str) -> None:
    assert {row.source for row in TABLES[number]} == {f"FRIH, Table {number}"}


def test_the_same_method_has_the_same_figures_in_every_table_of_the_paper() -> None:
    of_table_1, of_table_3 = row(published.TABLE_1, "FRIH"), row(published.TABLE_3, "frih")
    assert of_table_1.cells == of_table_3.cells
    assert row(published.TABLE_2, "FRIH").cells == row(published.TABLE_4, "frih").cells
    assert row(published.TABLE_5, "FRIH").cells["0.1"] == of_table_1.cells[ALL]
    assert row(published.TABLE_6, "FRIH").cells["PSNR"] == of_table_1.cells[ALL][1:]


def test_mean_errors_of_tables_1_and_2_agree_where_both_have_them() -> None:
    for of_table_2 in published.TABLE_2:
        of_table_1 = row(published.TABLE_1, of_table_2.method)
        if of_table_1.cells[ALL][0] is not None:
            assert of_table_2.cells[ALL][0] == of_table_1.cells[ALL][0]


def test_means_over_all_lie_between_those_of_the_groups() -> None:
    for rows, names in ((published.TABLE_1, SUBSETS), (published.TABLE_2, RATIOS)):
        for found in rows:
            for place, whole in enumerate(found.cells[ALL]):
                parts = [v for name in names if (v := found.cells[name][place]) is not None]
                if whole is not None and parts:
                    assert min(parts) <= whole <= max(parts)


def test_full_size_figures_are_the_weighted_means_of_their_sub_datasets() -> None:
    sizes = (4283, 2160, 828, 133)
    for found in published_later.FULL_SIZE_BY_SUBSET:
        for place, tolerance in ((0, 0.1), (1, 0.01), (2, 1.0)):
            parts = [found.cells[name][place] or 0.0 for name in SUBSETS]
            mean = sum(n * part for n, part in zip(sizes, parts, strict=True)) / sum(sizes)
            assert found.cells[ALL][place] == pytest.approx(mean, abs=tolerance)


def test_sizes_stand_beside_the_same_psnr_as_elsewhere() -> None:
    elsewhere = {found.method: found.cells[ALL][1] for found in published.TABLE_1}
    elsewhere |= {found.method: found.cells[ALL][1] for found in published_later.AT_256}
    known = [found for found in published_later.SIZES if found.method in elsewhere]
    assert len(known) == 8
    for found in known:
        assert found.cells["PSNR"][0] == elsewhere[found.method]


def test_a_row_with_a_figure_too_few_is_refused() -> None:
    with pytest.raises(ValueError, match="somewhere, x: 3 figures"):
        published_rows("somewhere", ("a", "b"), 2, {"x": (1.0, 2.0, 3.0)})
