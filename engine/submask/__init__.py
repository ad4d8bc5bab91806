"""Submask extraction (FRIH, "Submask Extraction"): a foreground becomes K regions of like colour.

The network's second stage harmonizes each of them; engine.pipeline calls in here.
"""

from engine.submask.cutoff import squared_limit
from engine.submask.extract import extract_submasks
from engine.submask.merging import merge_small_submasks
from engine.submask.prepared import PreparedColors, prepare_colors
from engine.submask.submasks import Submasks

__all__ = [
    "PreparedColors",
    "Submasks",
    "extract_submasks",
    "merge_small_submasks",
    "prepare_colors",
    "squared_limit",
]
