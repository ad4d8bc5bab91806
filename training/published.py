"""Figures as the paper prints them (FRIH, AAAI-24, Tables 1 to 6). None of them is measured here.

What others published since is in published_later.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from training.table import Figures, Row

SUBSETS = ("HCOCO", "HAdobe5k", "HFlickr", "Hday2night")
"""iHarmony4's sub-datasets, in the paper's order."""
ALL = "all"
RATIOS = ("0-5 %", "5-15 %", "15-100 %")
"""Classes of the foreground's share of the picture (Tables 2 and 4)."""


def published_rows(
    source: str,
    columns: Sequence[str],
    width: int,
    figures: Mapping[str, Figures],
) -> tuple[Row, ...]:
    """Rows from flat tuples: `width` figures for each column in turn. Raises ValueError."""
    rows: list[Row] = []
    for method, flat in figures.items():
        if len(flat) != width * len(columns):
            raise ValueError(f"{source}, {method}: {len(flat)} figures for {len(columns)} columns.")
        cells = {name: flat[width * at : width * (at + 1)] for at, name in enumerate(columns)}
        rows.append(Row(method, cells, source))
    return tuple(rows)


TABLE_1 = published_rows(
    "FRIH, Table 1",
    (*SUBSETS, ALL),
    2,
    {
        "composite": (69.37, 33.94, 345.54, 28.16, 264.35, 28.32, 109.65, 34.01, 172.47, 31.63),
        "Lalonde": (110.10, 31.14, 158.90, 29.66, 329.87, 26.43, 199.93, 29.80, 150.53, 30.16),
        "Xue": (77.04, 33.32, 274.15, 28.79, 249.54, 28.32, 190.51, 31.24, 155.87, 31.40),
        "Zhu": (79.82, 33.04, 414.31, 27.26, 315.42, 27.52, 136.71, 32.32, 204.77, 30.72),
        "DIH": (51.85, 34.69, 92.65, 32.28, 163.38, 29.55, 82.34, 34.62, 76.77, 33.41),
        "S2AM": (41.07, 35.47, 63.40, 33.77, 143.45, 30.03, 76.61, 34.50, 59.67, 34.35),
        "DoveNet": (36.72, 35.83, 52.32, 34.34, 133.14, 30.21, 54.05, 35.18, 52.36, 34.75),
        "ADFM": (None, 36.87, None, 34.99, None, 33.36, None, 34.31, None, 35.86),
        "BargainNet": (24.84, 37.03, 39.94, 35.34, 97.32, 31.34, 50.98, 35.67, 37.82, 35.88),
        "IIH": (24.92, 37.16, 43.02, 35.20, 105.13, 31.34, 55.53, 35.96, 38.71, 35.90),
        "RainNet": (None, 37.08, None, 36.22, None, 31.64, None, 34.83, None, 36.12),
        "iDIH": (19.29, 38.44, 30.87, 36.09, 84.10, 32.61, 55.24, 37.26, 30.56, 37.08),
        "D-HT": (16.89, 38.76, 38.53, 36.88, 74.51, 33.13, 53.01, 37.10, 30.30, 37.55),
        "S2CRNet": (23.22, 38.48, 34.91, 36.42, 98.73, 32.48, 51.67, 36.81, 35.58, 37.18),
        "Harmonizer": (17.34, 38.77, 21.89, 37.64, 64.81, 33.63, 33.14, 37.56, 24.26, 37.84),
        "FRIH": (15.05, 39.35, 23.61, 37.69, 68.93, 33.48, 42.78, 37.89, 23.98, 38.19),
    },
)
"""MSE and PSNR."""

TABLE_2 = published_rows(
    "FRIH, Table 2",
    (*RATIOS, ALL),
    2,
    {
        "composite": (28.51, 1208.86, 119.19, 1323.23, 577.58, 1887.05, 172.47, 1387.30),
        "Lalonde": (41.52, 1481.59, 120.62, 1309.79, 444.65, 1467.98, 150.53, 1433.21),
        "Xue": (31.24, 1325.96, 132.12, 1459.28, 479.53, 1555.69, 155.87, 1411.40),
        "Zhu": (33.30, 1297.65, 145.14, 1577.70, 682.69, 2251.76, 204.77, 1580.17),
        "DIH": (18.92, 799.17, 64.23, 752.86, 228.86, 768.89, 76.77, 773.18),
        "S2AM": (15.09, 623.11, 48.33, 540.54, 177.62, 592.83, 59.67, 594.67),
        "DoveNet": (14.03, 591.88, 44.90, 504.42, 152.07, 505.82, 52.36, 549.96),
        "BargainNet": (10.55, 450.33, 32.13, 359.49, 109.23, 353.84, 37.82, 405.23),
        "RainNet": (11.66, 550.38, 32.05, 378.69, 117.41, 389.80, 40.29, 469.60),
        "iDIH": (8.38, 366.32, 25.39, 287.02, 89.44, 297.94, 30.56, 330.45),
        "FRIH": (6.89, 305.28, 19.88, 226.45, 70.05, 205.83, 23.98, 252.63),
    },
)
"""MSE and fMSE."""

TABLE_3 = published_rows(
    "FRIH, Table 3",
    (*SUBSETS, ALL),
    2,
    {
        "baseline": (21.38, 38.24, 37.15, 35.79, 90.12, 32.25, 50.12, 37.45, 35.38, 36.82),
        "cascade-global-mask": (
            20.05,
            38.39,
            35.52,
            35.98,
            87.29,
            32.40,
            48.91,
            37.53,
            33.82,
            36.98,
        ),
        "cascade-submasks": (16.52, 39.09, 26.21, 37.42, 75.82, 33.05, 44.21, 37.78, 26.31, 37.90),
        "frih": (15.05, 39.35, 23.61, 37.69, 68.93, 33.48, 42.78, 37.89, 23.98, 38.19),
    },
)  # fmt: skip
"""MSE and PSNR of the ablations, by the names of engine.network.config.ABLATIONS."""

TABLE_4 = published_rows(
    "FRIH, Table 4",
    (*RATIOS, ALL),
    2,
    {
        "baseline": (10.21, 421.53, 29.68, 336.32, 109.21, 345.19, 35.38, 380.12),
        "cascade-global-mask": (9.89, 401.18, 27.85, 319.47, 99.35, 320.71, 33.82, 366.23),
        "cascade-submasks": (7.28, 322.86, 21.42, 244.15, 77.82, 230.47, 26.31, 268.52),
        "frih": (6.89, 305.28, 19.88, 226.45, 70.05, 205.83, 23.98, 252.63),
    },
)
"""MSE and fMSE of the same."""

DISTANCES = (0.01, 0.05, 0.1, 0.2, 0.3, 0.4)
"""Cutoff distances of Table 5."""

TABLE_5 = published_rows(
    "FRIH, Table 5",
    tuple(f"{distance:g}" for distance in DISTANCES),
    2,
    {
        "FRIH": (
            25.26, 38.09, 24.49, 38.17, 23.98, 38.19, 24.76, 38.15, 25.41, 38.08, 25.90, 38.02,
        ),
    },
)  # fmt: skip
"""MSE and PSNR."""

TABLE_6 = published_rows(
    "FRIH, Table 6",
    ("PSNR", "parameters, M"),
    1,
    {
        "DoveNet": (34.75, 54.76),
        "IIH": (35.90, 40.83),
        "RainNet": (36.12, 54.75),
        "FRIH": (38.19, 11.98),
    },
)
