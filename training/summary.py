"""What the records of many pictures add up to: in all, by kind, by foreground, by need."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean, median

from training.metrics import PictureRecord, Score

RATIO_CLASSES = ((0.0, 0.05), (0.05, 0.15), (0.15, 1.01))
"""Half-open classes of the foreground's share (FRIH, Table 2)."""

COMPOSITE_FMSE_CLASSES = (0.0, 200.0, 500.0, 1000.0, 3000.0, float("inf"))
"""Bounds of classes by how wrong the composite was: where it was nearly right, harm is done."""


@dataclass(frozen=True, slots=True)
class Summary:
    """Means over pictures.

    worse: share of pictures whose fMSE grew; mean_ratio, median_ratio: of each picture's fMSE to
    its composite's; left_alone: share that the engine changed nothing of.
    """

    label: str
    count: int
    composite: Score
    result: Score
    median_fmse: float
    worse: float
    mean_ratio: float
    median_ratio: float
    left_alone: float


def summarize(label: str, records: Sequence[PictureRecord]) -> Summary:
    """Average the records, of which there must be one at least."""
    ratios = [record.fmse_ratio for record in records]
    return Summary(
        label=label,
        count=len(records),
        composite=mean_score([record.composite for record in records]),
        result=mean_score([record.result for record in records]),
        median_fmse=median(record.result.fmse for record in records),
        worse=fmean(record.worse for record in records),
        mean_ratio=fmean(ratios),
        median_ratio=median(ratios),
        left_alone=fmean(record.strength == 0 for record in records),
    )


def summaries(records: Sequence[PictureRecord]) -> list[Summary]:
    """All records, then the groups that have any; kinds and subsets where there are several."""
    groups = [("all", list(records))]
    groups += _by_name(records, lambda record: record.kind)
    groups += _by_name(records, lambda record: record.subset)
    groups += [
        (_ratio_label(low, high), [r for r in records if low <= r.ratio < high])
        for low, high in RATIO_CLASSES
    ]
    for low, high in pairwise(COMPOSITE_FMSE_CLASSES):
        groups.append(
            (_need_label(low, high), [r for r in records if low <= r.composite.fmse < high])
        )
    return [summarize(label, group) for label, group in groups if group]


def _by_name(
    records: Sequence[PictureRecord], name_of: Callable[[PictureRecord], str]
) -> list[tuple[str, list[PictureRecord]]]:
    names = sorted({name_of(record) for record in records})
    if len(names) < 2:
        return []
    return [(name, [r for r in records if name_of(r) == name]) for name in names]


def _ratio_label(low: float, high: float) -> str:
    return f"foreground {low:.0%} to {min(high, 1.0):.0%}"


def _need_label(low: float, high: float) -> str:
    if low == 0:
        return f"composite fMSE below {high:.0f}"
    if high == float("inf"):
        return f"composite fMSE from {low:.0f}"
    return f"composite fMSE {low:.0f} to {high:.0f}"


def mean_score(scores: Sequence[Score]) -> Score:
    """Means of scores, of which there must be one at least; LPIPS only where all have it."""
    distances = [score.lpips for score in scores if score.lpips is not None]
    return Score(
        fmean(score.mse for score in scores),
        fmean(score.psnr for score in scores),
        fmean(score.fmse for score in scores),
        fmean(distances) if len(distances) == len(scores) else None,
    )
