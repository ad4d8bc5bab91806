"""`--set path=value`: one setting of a run's configuration at a time, checked by its type.

The same notation prints a configuration into checkpoints and the model card.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from types import UnionType
from typing import Any, Literal, Union, cast, get_args, get_origin, get_type_hints

from engine.errors import BadInputError
from training.config import TrainingConfig

_WORDS = {"true": True, "false": False}


def with_overrides(config: TrainingConfig, changes: Sequence[str]) -> TrainingConfig:
    """Apply changes such as "optimizer.learning_rate=3e-4"; tuples are written with commas.

    Raises BadInputError, naming the change, for an unknown setting or an unusable value.
    """
    for change in changes:
        path, equals, text = change.partition("=")
        if not equals:
            raise BadInputError(f"--set {change}: write it as path=value.")
        try:
            config = cast("TrainingConfig", _replaced(config, path.split("."), text))
        except (ValueError, BadInputError) as error:
            raise BadInputError(f"--set {change}: {error}") from error
    return config


def assignments(values: Mapping[str, object], inside: str = "") -> list[str]:
    """Every setting of a configuration (its asdict, or the JSON of that) as path=value."""
    lines: list[str] = []
    for name, value in values.items():
        path = f"{inside}{name}"
        if isinstance(value, dict):
            lines += assignments(cast("dict[str, object]", value), f"{path}.")
        else:
            lines.append(f"{path}={_text(value)}")
    return lines


def _text(value: object) -> str:
    if isinstance(value, list | tuple):
        return ",".join(map(str, cast("Sequence[object]", value)))
    return str(value).lower() if value is None or isinstance(value, bool) else str(value)


def _replaced(part: object, path: Sequence[str], text: str) -> object:
    """A copy of a data class or dict with the setting at `path` replaced."""
    name, *rest = path
    hints = _settings_of(part)
    if name not in hints:
        raise ValueError(f"there is no {name}; there are {', '.join(sorted(hints))}.")
    value = _replaced(_value(part, name), rest, text) if rest else _converted(text, hints[name])
    if isinstance(part, dict):
        return cast("dict[str, object]", part) | {name: value}
    return replace(cast("Any", part), **{name: value})


def _settings_of(part: object) -> dict[str, object]:
    """Names and types of what may be set in a data class or a dict of numbers."""
    if isinstance(part, dict):
        return dict.fromkeys(cast("dict[str, object]", part), float)
    if not is_dataclass(part) or isinstance(part, type):
        return {}
    hints = get_type_hints(type(part))
    return {field.name: hints[field.name] for field in fields(part)}


def _value(part: object, name: str) -> object:
    if isinstance(part, dict):
        return cast("dict[str, object]", part)[name]
    value: object = getattr(part, name)
    return value


def _converted(text: str, hint: Any) -> object:  # noqa: ANN401 - a type annotation is any object
    """Text as the type of its setting. Raises ValueError."""
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        if text.lower() == "none":
            return None
        return _converted(text, next(arg for arg in args if arg is not type(None)))
    if origin is tuple:
        return _tuple(text.split(",") if text else [], args)
    if origin is Literal:
        by_text = {str(arg): arg for arg in args}
        return by_text[_one_of(text, tuple(by_text))]
    if hint is bool:
        return _WORDS[_one_of(text.lower(), tuple(_WORDS))]
    if hint in (int, float, str):
        return hint(text)
    raise ValueError("it has settings of its own: name one of them.")


def _tuple(texts: list[str], args: tuple[Any, ...]) -> tuple[object, ...]:
    if args[-1] is Ellipsis:
        return tuple(_converted(text, args[0]) for text in texts)
    if len(texts) != len(args):
        raise ValueError(f"it takes {len(args)} values.")
    return tuple(_converted(text, arg) for text, arg in zip(texts, args, strict=True))


def _one_of(text: str, allowed: tuple[str, ...]) -> str:
    if text not in allowed:
        raise ValueError(f"it is one of {', '.join(allowed)}.")
    return text
