"""The glossary has every word once, and the words are those of the code."""

import re

from aldia.rules.portfolio.reasons import Reason
from aldia.rules.portfolio.vocabulary import DOCUMENT_VOCABULARY, VOCABULARY, Column
from aldia.rules.portfolio.words import REASON_WORDS
from tests.architecture.tree import ROOT, text


def _rows(heading: str) -> list[list[str]]:
    """The cells of the table below a heading."""
    section = text("docs/glossary.md").split(f"## {heading}\n")[1].split("\n## ")[0]
    lines = [line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("|")]
    return lines[2:]


def test_each_english_word_and_each_spanish_word_stands_once():
    rows = _rows("Words")
    for place in (0, 1):
        words = [word.strip() for row in rows for word in re.split(r"[,;:]", row[place])]
        assert sorted(words) == sorted(set(words))


def test_each_word_has_a_meaning_and_a_room_that_exists():
    for word, _spanish, meaning, *rooms in _rows("Words"):
        assert meaning, word
        places = re.findall(r"`([^`]+)`", " ".join(rooms))
        assert places, word
        assert [place for place in places if not (ROOT / "src/aldia" / place).exists()] == [], word


def test_every_reason_is_there_with_its_label_in_the_order_of_asking():
    rows = [(row[0].strip("`"), row[1]) for row in _rows("Reasons: why a customer gets no step today")]
    assert rows == [(reason.value, REASON_WORDS[reason].label) for reason in Reason]


def _written(column: Column) -> list[str]:
    return [f"`{column.word}`", column.label, column.unit.value, column.formula, column.null_means or "–"]


def test_every_column_of_the_vocabulary_is_there_as_the_code_has_it():
    assert _rows("Vocabulary: the columns of the portfolio") == [_written(each) for each in VOCABULARY]


def test_every_column_of_documents_is_there_as_the_code_has_it():
    assert _rows("Vocabulary of documents") == [_written(each) for each in DOCUMENT_VOCABULARY]
