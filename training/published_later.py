"""Figures that others published beside or after the paper. None of them is measured here.

The whole test list of iHarmony4, 7,404 composites. Sources: tables in the named repositories; the
full-size ones are means over the CSV files that PCT-Net's authors give for each picture
(rakutentech/PCT-Net-Image-Harmonization, evaluation/), joined by the pictures' names.
"""

from __future__ import annotations

from training.published import ALL, RATIOS, SUBSETS, published_rows
from training.table import Figures, Row

_PCT_NET = "PCT-Net's CSV files, full size"

_AT_256: dict[str, dict[str, Figures]] = {
    "HDNet, Doc/result2.jpg": {
        "S2CRNet-SN": (43.20, 36.45, None),
        "DCCF": (24.65, 37.87, None),
        "CDTNet": (23.75, 38.23, None),
        "HDNet-lite": (24.99, 38.63, None),
        "SCS-Co": (21.33, 38.75, None),
        "SP-IC cycle": (22.47, 38.81, None),
        "HDNet": (16.55, 40.46, None),
    },
    "SamsungLabs/image_harmonization, README": {
        "iDIH256": (30.70, 36.99, None),
        "iDIH256 + DeepLab-ResNet34": (27.37, 37.53, None),
        "iSSAM256": (24.65, 37.95, None),
        "iDIH256 + HRNet32": (22.22, 38.29, None),
    },
    "DucoNet, README": {"DucoNet": (18.47, 39.17, 212.53)},
    "GKNet, abstract": {"GKNet": (None, 39.53, None)},
}

AT_256: tuple[Row, ...] = tuple(
    row for source, rows in _AT_256.items() for row in published_rows(source, (ALL,), 3, rows)
)
"""MSE, PSNR and fMSE at 256 x 256 over the whole test list."""

SIZES = published_rows(
    "HDNet, Doc/result2.jpg",
    ("PSNR", "parameters, M"),
    1,
    {
        "DIH": (33.41, 41.76),
        "S2AM": (34.35, 66.70),
        "BargainNet": (35.88, 58.74),
        "D-HT": (37.55, 27.00),
        "S2CRNet-SN": (36.45, 0.95),
        "S2CRNet-VGG": (37.18, 15.14),
        "HDNet-lite": (38.63, 0.65),
        "SP-IC cycle": (38.81, 66.70),
        "HDNet": (40.46, 10.41),
    },
)
"""PSNR at 256 x 256, and millions of parameters (the source writes MB for most)."""

FULL_SIZE_BY_SUBSET = published_rows(
    _PCT_NET,
    (*SUBSETS, ALL),
    3,
    {
        "composite": (
            73.0, 33.54, 1080, 354.5, 28.16, 2148, 271.0, 28.23, 1646, 113.1, 33.96, 1503,
            177.99, 31.39, 1462.45,
        ),
        "Harmonizer": (
            20.9, 37.69, 375, 24.4, 37.80, 196, 69.2, 33.37, 479, 37.3, 37.15, 641,
            27.62, 37.23, 339.20,
        ),
        "DCCF": (
            16.9, 38.71, 317, 23.1, 38.31, 196, 64.6, 33.63, 438, 55.8, 37.56, 715,
            24.72, 38.01, 302.56,
        ),
        "PCTNet CNN": (
            16.9, 38.82, 297, 21.0, 39.10, 168, 64.4, 33.75, 434, 49.8, 36.87, 733,
            24.02, 38.30, 282.75,
        ),
        "PCTNet ViT": (
            12.5, 39.85, 246, 19.4, 39.97, 149, 45.8, 34.87, 358, 48.7, 37.54, 657,
            18.84, 39.29, 237.49,
        ),
    },
)  # fmt: skip
"""MSE, PSNR and fMSE at the pictures' own size."""

FULL_SIZE_BY_RATIO = published_rows(
    _PCT_NET,
    RATIOS,
    3,
    {
        "composite": (30.6, 35.85, 1304, 124.9, 29.49, 1385, 591.2, 23.10, 1931),
        "Harmonizer": (8.8, 40.50, 403, 24.9, 35.76, 286, 75.4, 31.27, 253),
        "DCCF": (7.6, 41.23, 356, 22.0, 36.49, 257, 68.6, 32.22, 231),
        "PCTNet CNN": (7.2, 41.54, 330, 20.4, 36.85, 237, 68.4, 32.37, 228),
        "PCTNet ViT": (6.0, 42.26, 290, 16.2, 38.03, 187, 52.4, 33.78, 175),
    },
)
"""The same by the foreground's share."""

NEEDS = ("below 200", "200 to 500", "500 to 1000", "1000 to 3000", "from 3000")
"""Classes of the composite's own fMSE: how wrong it was."""

WORSE_BY_NEED = published_rows(
    _PCT_NET,
    (*NEEDS, ALL),
    1,
    {
        "Harmonizer": (0.360, 0.174, 0.061, 0.018, 0.000, 0.081),
        "DCCF": (0.313, 0.125, 0.045, 0.013, 0.002, 0.062),
        "PCTNet CNN": (0.265, 0.105, 0.038, 0.009, 0.000, 0.052),
        "PCTNet ViT": (0.230, 0.081, 0.028, 0.007, 0.001, 0.041),
    },
)
"""Share of pictures whose fMSE grew, at the pictures' own size."""
