"""Why a request was not carried out."""

from __future__ import annotations


class DeclinedError(Exception):
    """Nothing was changed; the text is one sentence for the person."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
