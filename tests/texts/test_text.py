"""The language in use."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from frih_plugin import texts
from frih_plugin.qt.core import QLocale
from frih_plugin.texts import language, languages, text, use_language


@pytest.fixture(autouse=True)
def _english_afterwards() -> Iterator[None]:  # pyright: ignore[reportUnusedFunction] - for all
    yield
    use_language("en")


def test_english_is_the_key() -> None:
    use_language("en")
    assert text("{name} is here.", name="Hat") == "Hat is here."


def test_sentence_without_a_translation_stays_english() -> None:
    use_language("de")
    assert text("Nobody says {word}.", word="so") == "Nobody says so."


@pytest.mark.parametrize(
    ("wanted", "used"), [("de", "de"), ("de_AT", "de"), ("DE-ch", "de"), ("xx", "en"), ("en", "en")]
)
def test_language_is_found_by_its_code(wanted: str, used: str) -> None:
    use_language(wanted)
    assert language() == used


def test_language_follows_qts_locale() -> None:
    before = QLocale()
    try:
        QLocale.setDefault(QLocale("de_DE"))
        use_language()
        assert language() == "de"
    finally:
        QLocale.setDefault(before)


def test_english_and_german_are_there() -> None:
    assert languages()[0] == "en"
    assert "de" in languages()


def test_translation_that_does_not_fit_is_shown_in_english(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(texts, "_chosen", {"de": {"{name} is here.": "{nom} ist da."}})
    with caplog.at_level(logging.WARNING):
        assert text("{name} is here.", name="Hat") == "Hat is here."
    assert "does not fit" in caplog.text
