"""Tables 1 to 5 of the paper from what was measured, with the published rows below (FRIH, AAAI-24).

Each builder takes records by the method's name; all methods saw the same pictures. At 256 x 256.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from training import published
from training.metrics import PictureRecord, Score
from training.published import ALL, RATIOS, SUBSETS
from training.published_later import AT_256
from training.summary import RATIO_CLASSES, mean_score
from training.table import FMSE, MSE, PSNR, Figures, Row, Table

Records = Mapping[str, Sequence[PictureRecord]]
"""The records of each method, by the method's name; all over the same pictures."""
Group = Callable[[PictureRecord], bool]

OTHER = "other"
"""The column of pictures that belong to none of iHarmony4's sub-datasets."""


def table_1(records: Records) -> Table:
    """MSE and PSNR by sub-dataset; one column where the pictures belong to none."""
    groups = by_subset(records)
    later = tuple(_only(row, (0, 1)) for row in AT_256)
    return Table(
        "Table 1: by sub-dataset",
        tuple(groups),
        (MSE, PSNR),
        measured_rows(records, groups, _mse_psnr),
        published.TABLE_1 + later,
        counts(records, groups),
    )


def table_2(records: Records) -> Table:
    """MSE and fMSE by the foreground's share."""
    groups = by_ratio()
    later = tuple(_only(row, (0, 2)) for row in AT_256 if row.cells[ALL][2] is not None)
    return Table(
        "Table 2: by foreground ratio",
        tuple(groups),
        (MSE, FMSE),
        measured_rows(records, groups, _mse_fmse),
        published.TABLE_2 + later,
        counts(records, groups),
    )


def table_3(ablations: Records) -> Table:
    """MSE and PSNR of the paper's ablations by sub-dataset."""
    groups = by_subset(ablations)
    return Table(
        "Table 3: ablations by sub-dataset",
        tuple(groups),
        (MSE, PSNR),
        measured_rows(ablations, groups, _mse_psnr),
        published.TABLE_3,
        counts(ablations, groups),
    )


def table_4(ablations: Records) -> Table:
    """MSE and fMSE of the paper's ablations by the foreground's share."""
    groups = by_ratio()
    return Table(
        "Table 4: ablations by foreground ratio",
        tuple(groups),
        (MSE, FMSE),
        measured_rows(ablations, groups, _mse_fmse),
        published.TABLE_4,
        counts(ablations, groups),
    )


def table_5(by_distance: Mapping[float, Sequence[PictureRecord]]) -> Table:
    """MSE and PSNR of one set of weights at several cutoff distances d_c."""
    means = {f"{d:g}": mean_score([r.result for r in of]) for d, of in by_distance.items()}
    decibels = [score.psnr for score in means.values()]
    columns = dict.fromkeys([*means, *(f"{d:g}" for d in published.DISTANCES)])
    return Table(
        "Table 5: by cutoff distance d_c",
        tuple(sorted(columns, key=float)),
        (MSE, PSNR),
        (Row("these weights", {name: _mse_psnr(score) for name, score in means.items()}),),
        published.TABLE_5,
        f"{len(next(iter(by_distance.values())))} pictures; from the best to the worst measured "
        f"distance it is {max(decibels) - min(decibels):.2f} dB.",
    )


def by_subset(records: Records) -> dict[str, Group]:
    """iHarmony4's sub-datasets that there are pictures of, the others together, and all."""
    found = {record.subset for record in next(iter(records.values()))}
    groups: dict[str, Group] = {name: _is_of(name) for name in SUBSETS if name in found}
    if groups and found - set(SUBSETS):
        groups[OTHER] = lambda record: record.subset not in SUBSETS
    return groups | {ALL: _everything}


def by_ratio() -> dict[str, Group]:
    """The paper's classes of the foreground's share, and all."""
    bounds = zip(RATIOS, RATIO_CLASSES, strict=True)
    groups: dict[str, Group] = {name: _is_within(low, high) for name, (low, high) in bounds}
    return groups | {ALL: _everything}


def measured_rows(
    records: Records, groups: Mapping[str, Group], figures: Callable[[Score], Figures]
) -> tuple[Row, ...]:
    """The untouched composite and every method, with figures of each group that has pictures."""
    first = next(iter(records.values()))
    scores = {"composite, untouched": [(record, record.composite) for record in first]}
    scores |= {name: [(record, record.result) for record in of] for name, of in records.items()}
    rows: list[Row] = []
    for method, pairs in scores.items():
        own = {name: [s for r, s in pairs if belongs(r)] for name, belongs in groups.items()}
        cells = {name: figures(mean_score(of)) for name, of in own.items() if of}
        rows.append(Row(method, cells))
    return tuple(rows)


def counts(records: Records, groups: Mapping[str, Group]) -> str:
    """How many pictures each group has, and what the published rows were measured on."""
    first = next(iter(records.values()))
    parts = [f"{name} {sum(map(belongs, first))}" for name, belongs in groups.items()]
    return (
        f"Pictures measured here: {', '.join(parts)}. Published rows are of iHarmony4's whole "
        "test list (7,404 composites; the paper says 7,407)."
    )


def _is_of(subset: str) -> Group:
    return lambda record: record.subset == subset


def _is_within(low: float, high: float) -> Group:
    return lambda record: low <= record.ratio < high


def _everything(_: PictureRecord) -> bool:
    return True


def _mse_psnr(score: Score) -> Figures:
    return score.mse, score.psnr


def _mse_fmse(score: Score) -> Figures:
    return score.mse, score.fmse


def _only(row: Row, places: tuple[int, ...]) -> Row:
    cells = {name: tuple(figures[at] for at in places) for name, figures in row.cells.items()}
    return Row(row.method, cells, row.source)
