"""Submask extraction in torch, for a GPU and for many composites at once.

The same labels as engine.submask's CPU version to the last pixel. Imports torch, so only
engine.submask.extract (when asked for it) and training come in here.
"""

from engine.submask.batched.extract import extract_on_device, extract_submask_batch
from engine.submask.batched.submask_batch import SubmaskBatch

__all__ = ["SubmaskBatch", "extract_on_device", "extract_submask_batch"]
