"""Giving small submasks to their denser neighbours: not in the paper, so beside extraction."""

from __future__ import annotations

import numpy as np

from engine.submask.submasks import Submasks


def merge_small_submasks(submasks: Submasks, min_area: int) -> Submasks:
    """Drop the centers of small submasks and let their pixels follow their denser neighbours.

    All centers but the peak whose submask has fewer than min_area pixels are dropped at once and
    the labels assigned again, so a dropped center's pixels go to its nearest denser colour's
    submask, or on to where that one went. min_area 0 changes nothing, as in the paper. A merged
    submask is not measured again.
    """
    is_kept = submasks.areas >= min_area
    is_kept[:1] = True
    new_label = np.cumsum(is_kept) - 1
    for label in np.flatnonzero(~is_kept):
        new_label[label] = new_label[submasks.denser[label]]
    denser = new_label[submasks.denser[is_kept]]
    denser[:1] = -1
    # Label -1, outside the mask, picks the table's last entry.
    table = np.append(new_label, -1).astype(np.int8)
    return Submasks(
        labels=table[submasks.labels],
        count=int(is_kept.sum()),
        centers=submasks.centers[is_kept],
        areas=np.bincount(new_label, submasks.areas, is_kept.sum()).astype(np.int64),
        denser=denser.astype(np.int8),
    )
