"""The stored clauses: every one is readable, says what was read, and a broken one is refused by file and field."""

from pathlib import Path

import pytest
import yaml

from knowledge.clauses import PASSAGES, clause, load_clauses
from knowledge.errors import InvalidClause, UnknownClause
from knowledge.strict_yaml import load_strict

GOOD = """---
id: example
title: An example
standard: Example standard
clause: Article 1
edition: first
valid_from: 2026-01-01
jurisdiction: nowhere
verified: yes
read: this test
---
A text.
"""


def passage(folder: Path, text: str) -> Path:
    """A folder with one passage."""
    (folder / "example.md").write_text(text)
    return folder


def test_every_passage_is_a_clause_named_by_its_file() -> None:
    """Each file of the folder is one clause, found by the file's name."""
    stored = load_clauses()
    assert sorted(stored) == sorted(path.stem for path in PASSAGES.glob("*.md"))
    assert all(stored[clause_id].text for clause_id in stored)


def test_only_what_was_read_is_verified() -> None:
    """The voltage table that was seen as a draft only does not claim more; the connection codes that were read do."""
    assert clause("sogl-annex-ii").verified == "draft"
    assert clause("dcc-annex-ii-110").verified == "yes"
    assert clause("dcc-annex-ii-110").citation.startswith("Regulation (EU) 2016/1388")


def test_an_unknown_id_names_the_nearest() -> None:
    """A mistyped citation is refused with what would have worked."""
    with pytest.raises(UnknownClause, match="sogl-35") as caught:
        clause("sogl-355")
    assert "sogl-35" in caught.value.nearest


def test_a_good_passage_is_read(tmp_path: Path) -> None:
    """Front matter and text become one frozen value."""
    found = load_clauses(passage(tmp_path, GOOD))["example"]
    assert (found.verified, found.text, found.valid_from.year) == ("yes", "A text.", 2026)


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("verified: yes", "verified: perhaps", "field 'verified'"),
        ("edition: first\n", "", "field 'edition'"),
        ("edition: first", "edition: first\nweight: 3", "field 'weight'"),
        ("edition: first", "edition: first\nedition: second", "given twice"),
        ("valid_from: 2026-01-01", "valid_from: soon", "field 'valid_from'"),
        ("id: example", "id: other", "field 'id'"),
        ("A text.", "", "field 'text'"),
        ("read: this test", "read: ''", "field 'read'"),
        ("---\nid", "id", "two '---' lines"),
        ("title: An example", "title: [", "cannot be read"),
    ],
)
def test_a_broken_passage_is_refused_by_file_and_field(tmp_path: Path, old: str, new: str, named: str) -> None:
    """The message says which file and which field is wrong."""
    with pytest.raises(InvalidClause, match=r"example\.md") as caught:
        load_clauses(passage(tmp_path, GOOD.replace(old, new)))
    assert named in str(caught.value)


def test_yes_and_no_are_words() -> None:
    """`verified: no` must not become False, as YAML 1.1 would read it."""
    assert load_strict("a: yes\nb: no\nc: true") == {"a": "yes", "b": "no", "c": True}


def test_a_duplicate_key_is_an_error_at_any_depth() -> None:
    """The second of two equal keys would silently replace the first."""
    with pytest.raises(yaml.YAMLError, match="given twice"):
        load_strict("limits:\n  max: 1.0\n  max: 2.0\n")
