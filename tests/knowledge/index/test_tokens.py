"""Words as they are searched: numbers, codes, stems and acronyms."""

import pytest

from knowledge.index.tokens import concepts, stem, tokens


@pytest.mark.parametrize(
    ("written", "other"),
    [
        ("N-1", "N minus 1"),
        ("N−1", "n-1"),
        ("0.90 pu", "0.9 pu"),
        ("110kV", "110 kV"),
        ("UFLS", "under-frequency load shedding"),
        ("LFDD", "low frequency demand disconnection"),
        ("df/dt", "rate of change of frequency"),
        ("SO GL", "System Operation Guideline"),
        ("operators shedding", "operation shed"),
        ("TSOs", "transmission system operators"),
    ],
)
def test_two_ways_to_write_one_thing_meet(written: str, other: str) -> None:
    """Whatever a question asks with is among the tokens of a text that writes it the other way."""
    assert set(concepts(written)) <= set(tokens(other))
    assert set(tokens(written)) & set(tokens(other))


@pytest.mark.parametrize(
    ("one", "other"), [("49.0", "49.5"), ("60076-7", "60076-2"), ("PRC-023", "PRC-024"), ("RoCoF", "frequency"), ("gas", "ga")]
)
def test_different_things_stay_apart(one: str, other: str) -> None:
    """A stem or a code must not swallow another."""
    assert not set(tokens(one)) & set(tokens(other))


def test_codes_keep_their_parts_together() -> None:
    """ "60076-7" is one word, and an edition's code also stands for its standard."""
    assert "60076-7" in tokens("IEC 60076-7")
    assert {"prc-024-3", "prc-024"} <= set(tokens("PRC-024-3"))


def test_stems_keep_three_letters() -> None:
    """Short words are left alone."""
    assert [stem(word) for word in ("bus", "gas", "loss", "losses", "tripped", "trip")] == ["bus", "gas", "loss", "loss", "trip", "trip"]
