"""Where stored clauses put one quantity differently, the answer says so."""

from knowledge.clauses import Fact
from knowledge.index.differences import differences, quantities_of, value_words
from knowledge.passage import Passage


def clause(name: str, area: str, **limits: float) -> Passage:
    fact = Fact(unit="pu", quantity="voltage range", area=area, **limits)  # type: ignore[arg-type]
    return Passage(id=name, document=name, clause="", title="T", text="A text.", verified="yes", facts={f"{name}-fact": fact})


CE = clause("ce", "Continental Europe", min=0.9, max=1.118)
GB = clause("gb", "Great Britain", min=0.9, max=1.1)
IE = clause("ie", "Ireland", min=0.9, max=1.118)


def test_other_values_are_told_with_their_area() -> None:
    """0.90 to 1.118 against 0.90 to 1.10."""
    (found,) = differences(["voltage range"], [CE, GB])
    assert found.values == (("Continental Europe", "0.90 to 1.118", "ce"), ("Great Britain", "0.90 to 1.10", "gb"))


def test_equal_values_are_no_difference() -> None:
    """Nor are those of other places, where one is asked about."""
    assert differences(["voltage range"], [CE, IE]) == ()
    assert differences(["voltage range"], [CE, GB], {"Great Britain"}) == ()


def test_only_quantities_that_are_asked_about() -> None:
    """A passage of many facts."""
    delay, voltage = Fact(unit="s", quantity="delay", max=3), Fact(unit="pu", quantity="voltage range", max=1.1)
    more = {"a": delay, "b": voltage, "c": Fact(unit="s", max=3)}
    assert quantities_of(CE.model_copy(update={"facts": more}), "which voltage range holds") == ["voltage range"]


def test_limits_as_words() -> None:
    """One side, both, or one value."""
    assert value_words(Fact(unit="Hz", max=49.0)) == "at most 49"
    assert value_words(Fact(unit="%", min=50)) == "at least 50"
    assert value_words(Fact(unit="MW", min=3000, max=3000)) == "3000"
