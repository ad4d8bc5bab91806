"""Tables of figures as data, measured rows apart from published ones, and as Markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Figures = tuple[float | None, ...]
"""What stands in one cell, None where a source is silent."""


@dataclass(frozen=True, slots=True)
class Row:
    """One method.

    cells: figures by column; a column that is missing was not measured or not published.
    source: where published figures stand; None of what was measured here.
    """

    method: str
    cells: Mapping[str, Figures]
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Metric:
    """A figure's name and the decimals it is printed with; shares are printed as per cent."""

    name: str
    decimals: int
    is_share: bool = False

    def printed(self, value: float | None) -> str:
        """The figure as it stands in a table."""
        if value is None:
            return "-"
        return (
            f"{100 * value:.{self.decimals}f} %" if self.is_share else f"{value:.{self.decimals}f}"
        )


MSE, PSNR, FMSE = Metric("MSE", 2), Metric("PSNR", 2), Metric("fMSE", 2)
WORSE = Metric("worse", 1, is_share=True)


@dataclass(frozen=True, slots=True)
class Table:
    """A table: every cell holds one figure for each of `metrics`."""

    title: str
    columns: tuple[str, ...]
    metrics: tuple[Metric, ...]
    measured: tuple[Row, ...]
    published: tuple[Row, ...] = ()
    note: str = ""

    def markdown(self) -> str:
        """The table for people: what was measured first, then what others published, so marked."""
        what = " / ".join(metric.name for metric in self.metrics if metric.name)
        head = (
            "method",
            "from",
            *(f"{column}: {what}" if what else column for column in self.columns),
        )
        rows = [self._line(row, "measured") for row in self.measured]
        rows += [self._line(row, f"published: {row.source}") for row in self.published]
        note = f"{self.note}\n\n" if self.note else ""
        return f"### {self.title}\n\n{note}{markdown_table(head, rows)}"

    def _line(self, row: Row, origin: str) -> tuple[str, ...]:
        return (row.method, origin, *(self._cell(row.cells.get(name)) for name in self.columns))

    def _cell(self, figures: Figures | None) -> str:
        if figures is None:
            return "-"
        pairs = zip(self.metrics, figures, strict=True)
        return " / ".join(metric.printed(value) for metric, value in pairs)

    def as_json(self) -> dict[str, Any]:
        """The table for programs; `measured` and `published` are lists of their own."""
        return {
            "title": self.title,
            "note": self.note,
            "columns": list(self.columns),
            "metrics": [metric.name for metric in self.metrics],
            "measured": [_row_as_json(row) for row in self.measured],
            "published": [_row_as_json(row) for row in self.published],
        }


def _row_as_json(row: Row) -> dict[str, Any]:
    cells = {name: list(figures) for name, figures in row.cells.items()}
    source = {} if row.source is None else {"source": row.source}
    return {"method": row.method, **source, "cells": cells}


def markdown_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Lines of a Markdown table, the last one ended."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"
