"""Fits a ConfidenceModel to samples: a logistic regression, then where its strength begins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from engine.confidence import ConfidenceModel, Signs
from engine.errors import BadInputError
from training.confidence_samples import Sample, part_of

FEWEST_SAMPLES = 20

_CANDIDATES: tuple[tuple[str, ...], ...] = (
    (),
    ("size",),
    tuple(field.name for field in fields(Signs)),
)
"""Sets of signs, the simplest first; a later one has to be better on photographs not fitted to."""
_SURE = 2.0
"""Standard errors that it has to be better by."""
_FOLDS = 5
_RIDGE = 3.0
_STEPS = 50
_THRESHOLDS = np.linspace(0, 0.98, 197)

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Outcomes:
    """Samples as columns, (n,) each: see Sample; confidence and strength: a model's."""

    before: Vector
    gain: Vector
    size: Vector
    worth: Vector
    confidence: Vector

    def strengths(self, none_below: float) -> Vector:
        """What is suggested, as engine.confidence.strength_for does."""
        if none_below <= 0:
            return np.ones_like(self.worth)
        return (self.worth / none_below - 1).clip(0, 1)

    def after(self, none_below: float) -> Vector:
        """FMSE at the suggested strengths."""
        strength = self.strengths(none_below)
        moved = self.before - 2 * strength * self.gain + strength**2 * self.size
        return np.maximum(moved, 0)

    def given_up(self, none_below: float) -> float:
        """The share of the mean fMSE reduction at full strength that the threshold costs."""
        full = float((self.before - self.after(0)).mean())
        kept = float((self.before - self.after(none_below)).mean())
        return 1 - kept / full if full > 0 else 0.0


def fit_model(samples: Sequence[Sample], weights_sha256: str) -> ConfidenceModel:
    """The regression, with the signs that are worth it; everything is changed in full.

    Raises BadInputError for too few samples, or outcomes that are all alike.
    """
    improved = np.array([sample.improves for sample in samples], np.float64)
    if len(samples) < FEWEST_SAMPLES or improved.min() == improved.max():
        raise BadInputError(
            f"{len(samples)} composites of the photographs to calibrate on are too few, or all "
            "come out alike: give more composites."
        )
    folds = np.array([part_of(sample.photo, _FOLDS, "fold") for sample in samples])
    names = _worthwhile_signs(samples, improved, folds)
    bias, weights = _logistic(_columns(samples, names), improved)
    by_name = dict(zip(names, weights.tolist(), strict=True))
    return ConfidenceModel(weights_sha256, bias, by_name, none_below=0.0)


def outcomes_of(samples: Sequence[Sample], model: ConfidenceModel) -> Outcomes:
    """The samples beside a model's confidence in them."""
    rows = [
        (s.before, s.gain, s.size, confidence * s.signs.size, confidence)
        for s, confidence in ((s, model.confidence(s.signs)) for s in samples)
    ]
    return Outcomes(*np.array(rows, np.float64).reshape(-1, 5).T)


def with_threshold(
    model: ConfidenceModel, samples: Sequence[Sample], most_given_up: float
) -> ConfidenceModel:
    """The model that holds back as much as it may.

    most_given_up: the share of the mean fMSE reduction at full strength that it may cost.
    """
    outcomes = outcomes_of(samples, model)
    chosen = 0.0
    for threshold in np.quantile(outcomes.worth, _THRESHOLDS).tolist():
        if outcomes.given_up(threshold) > most_given_up:
            break
        chosen = threshold
    return replace(model, none_below=chosen)


def _worthwhile_signs(
    samples: Sequence[Sample], improved: Vector, folds: NDArray[np.int64]
) -> tuple[str, ...]:
    """The simplest set that no later one beats by more than chance would."""
    chosen, loss = _CANDIDATES[0], None
    for names in _CANDIDATES:
        own = _held_out_losses(_columns(samples, names), improved, folds)
        gained = np.zeros(1) if loss is None else loss - own
        if loss is None or gained.mean() > _SURE * gained.std() / len(gained) ** 0.5:
            chosen, loss = names, own
    return chosen


def _columns(samples: Sequence[Sample], names: Sequence[str]) -> Vector:
    rows = [sample.signs.columns() for sample in samples]
    return np.array([[row[name] for name in names] for row in rows], np.float64)


def _held_out_losses(columns: Vector, improved: Vector, folds: NDArray[np.int64]) -> Vector:
    """Squared errors of confidences in composites of photographs that were not fitted to."""
    chance = np.empty(len(columns))
    for fold in np.unique(folds):
        held = folds == fold
        bias, weights = _logistic(columns[~held], improved[~held])
        chance[held] = _sigmoid(columns[held] @ weights + bias)
    return np.square(chance - improved)


def _logistic(columns: Vector, improved: Vector) -> tuple[float, Vector]:
    """Bias and weights by Newton's steps, with a ridge on the weights of unit columns."""
    middle, spread = columns.mean(0), columns.std(0) + 1e-9
    units = np.hstack([np.ones((len(columns), 1)), (columns - middle) / spread])
    ridge = np.diag([1e-6, *[_RIDGE] * columns.shape[1]])
    solved = np.zeros(units.shape[1])
    for _ in range(_STEPS):
        chance = _sigmoid(units @ solved)
        slope = units.T @ (chance - improved) + ridge @ solved
        curve = (units.T * (chance * (1 - chance))) @ units + ridge
        step = np.linalg.solve(curve, slope)
        solved = solved - step
        if np.abs(step).max() < 1e-8:
            break
    weights = solved[1:] / spread
    return float(solved[0] - weights @ middle), weights


def _sigmoid(logit: Vector) -> Vector:
    return 1 / (1 + np.exp(-logit.clip(-30, 30)))
