"""Scores with shares and ratios as Markdown, for people; the paper's tables are paper_tables'."""

from __future__ import annotations

from collections.abc import Sequence

from training.metrics import PictureRecord, Score
from training.paper_tables import Records
from training.summary import Summary, summaries, summarize
from training.table import markdown_table

_OVERVIEW = ("method", "MSE", "PSNR", "fMSE", "LPIPS", "worse", "mean ratio", "median ratio")
_DETAIL = (
    "pictures", "count", "composite MSE / PSNR / fMSE", "MSE / PSNR / fMSE", "median fMSE",
    "worse", "mean ratio", "median ratio", "left alone",
)  # fmt: skip


def overview(records: Records) -> str:
    """One table for each of: all pictures, and every kind where there are several."""
    first = next(iter(records.values()))
    kinds = sorted({record.kind for record in first})
    tables = [_method_table(f"All {len(first)} pictures", records)]
    for kind in kinds if len(kinds) > 1 else []:
        own = {name: [r for r in of if r.kind == kind] for name, of in records.items()}
        tables.append(_method_table(f"{kind}, {len(next(iter(own.values())))} pictures", own))
    return "\n".join(tables)


def detail(method: str, records: Sequence[PictureRecord]) -> str:
    """One method by groups of pictures, the untouched composite beside it."""
    rows = [_detail_row(summary) for summary in summaries(records)]
    return f"### {method}\n\n{markdown_table(_DETAIL, rows)}"


def _method_table(title: str, records: Records) -> str:
    first = summarize(title, next(iter(records.values())))
    untouched = (*_numbers(first.composite), _lpips(first.composite))
    rows = [("composite, untouched", *untouched, "", "1", "1")]
    for name, of in records.items():
        found = summarize(name, of)
        rows.append(
            (
                name, *_numbers(found.result), _lpips(found.result), f"{found.worse:.1%}",
                f"{found.mean_ratio:.3f}", f"{found.median_ratio:.3f}",
            )
        )  # fmt: skip
    return f"### {title}\n\n{markdown_table(_OVERVIEW, rows)}"


def _detail_row(summary: Summary) -> tuple[str, ...]:
    return (
        summary.label,
        str(summary.count),
        " / ".join(_numbers(summary.composite)),
        " / ".join(_numbers(summary.result)),
        f"{summary.median_fmse:.0f}",
        f"{summary.worse:.1%}",
        f"{summary.mean_ratio:.3f}",
        f"{summary.median_ratio:.3f}",
        f"{summary.left_alone:.1%}",
    )


def _numbers(score: Score) -> tuple[str, str, str]:
    return f"{score.mse:.1f}", f"{score.psnr:.2f}", f"{score.fmse:.0f}"


def _lpips(score: Score) -> str:
    return "-" if score.lpips is None else f"{score.lpips:.4f}"
