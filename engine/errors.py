"""The errors a person may meet: each has one sentence that says what to do, and a stable code."""

from __future__ import annotations


class FrihError(Exception):
    """Base of every failure that is explained to a person.

    The message is one sentence for the person at the editor or terminal; `code` is the stable
    name that goes over the wire and into JSON.
    """

    code = "error"

    @property
    def sentence(self) -> str:
        """The sentence to show."""
        return str(self)


class BadInputError(FrihError):
    """A picture, mask, layer or setting that cannot be used as given."""

    code = "bad-input"


class CutoffDistanceError(BadInputError):
    """A cutoff distance d_c outside (0, 1] or with more than four decimals."""

    code = "bad-cutoff-distance"


class PixelArrayError(BadInputError):
    """An array of the wrong dtype or shape."""

    code = "bad-pixel-array"


class OutputError(FrihError):
    """A result that could not be written; what was there before is untouched."""

    code = "cannot-write"


class WeightsError(FrihError):
    """Weights that are missing, truncated or not the ones plugin.json names."""

    code = "weights"


class BackendUnavailableError(FrihError):
    """A backend or device that was asked for and is not on this machine."""

    code = "backend-unavailable"


class CancelledError(FrihError):
    """A job that was cancelled; nothing was changed."""

    code = "cancelled"
