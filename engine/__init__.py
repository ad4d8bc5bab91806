"""FRIH's engine: coarse harmonization, submasks, refinement and the full-resolution result.

Runs in a process of its own and never imports Qt, a host's API or `training`.
"""
