"""What the paper has no table for: scores at the pictures' own size, and where harm is done."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import fmean

from training.metrics import PictureRecord, Score
from training.paper_tables import Group, Records, by_ratio, by_subset, counts, measured_rows
from training.published import ALL
from training.published_later import (
    FULL_SIZE_BY_RATIO,
    FULL_SIZE_BY_SUBSET,
    NEEDS,
    WORSE_BY_NEED,
)
from training.summary import COMPOSITE_FMSE_CLASSES
from training.table import FMSE, MSE, PSNR, WORSE, Figures, Row, Table


def full_size_tables(records: Records) -> list[Table]:
    """MSE, PSNR and fMSE at the pictures' own size, by sub-dataset and by foreground ratio."""
    tables: list[Table] = []
    for what, groups, rows in (
        ("sub-dataset", by_subset(records), FULL_SIZE_BY_SUBSET),
        ("foreground ratio", by_ratio(), FULL_SIZE_BY_RATIO),
    ):
        measured = measured_rows(records, groups, _all_three)
        title = f"At full size, by {what}"
        note = counts(records, groups)
        tables.append(Table(title, tuple(groups), (MSE, PSNR, FMSE), measured, rows, note))
    return tables


def worse_by_need(records: Records, *, full_size: bool) -> Table:
    """The share of pictures made worse, by the composite's own fMSE.

    Published shares are of full-size pictures, so they stand below those alone.
    """
    bounds = zip(NEEDS, pairwise(COMPOSITE_FMSE_CLASSES), strict=True)
    groups: dict[str, Group] = {name: _needs(low, high) for name, (low, high) in bounds}
    groups[ALL] = lambda _: True
    rows = [Row(method, _shares(of, groups)) for method, of in records.items()]
    where = "at full size" if full_size else "at 256 x 256"
    published = WORSE_BY_NEED if full_size else ()
    first = next(iter(records.values()))
    parts = [f"{name} {sum(map(belongs, first))}" for name, belongs in groups.items()]
    note = f"By the composite's own fMSE. Pictures measured here: {', '.join(parts)}."
    title = f"Share made worse, {where}"
    return Table(title, tuple(groups), (WORSE,), tuple(rows), published, note)


def _shares(records: Sequence[PictureRecord], groups: dict[str, Group]) -> dict[str, Figures]:
    own = {name: [r.worse for r in records if belongs(r)] for name, belongs in groups.items()}
    return {name: (fmean(of),) for name, of in own.items() if of}


def _needs(low: float, high: float) -> Group:
    return lambda record: low <= record.composite.fmse < high


def _all_three(score: Score) -> Figures:
    return score.mse, score.psnr, score.fmse
