"""What an editor may be told that only a server has to say."""

from __future__ import annotations

from engine.errors import FrihError
from frih_plugin.protocol.messages import BROKEN_REQUEST, UNKNOWN_LAYER, WRONG_VERSION


class WrongVersionError(FrihError):
    """The editor speaks another version of the protocol; the engine ends after it."""

    code = WRONG_VERSION


class BrokenRequestError(FrihError):
    """A request that has no place in the protocol at this moment."""

    code = BROKEN_REQUEST


class UnknownLayerError(FrihError):
    """A key that is not open, or was given up for others."""

    code = UNKNOWN_LAYER


class TooMuchWaitingError(FrihError):
    """More pixels wait for work than the engine is willing to keep."""

    code = "too-much-waiting"
