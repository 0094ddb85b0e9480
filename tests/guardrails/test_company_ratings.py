"""A company's ratings open the gate of a grid that has none, by a source that was read and for the grid they name."""

from datetime import date
from pathlib import Path

import pytest

from grid_models.actions import Action
from grid_models.findings import Outcome
from grid_models.twin.profiles import Grid
from grid_models.twin.state import GridState
from guardrails.company_ratings import LEAST_TEMPORARY_MINUTES, CompanyRatings, read_ratings
from guardrails.errors import InvalidRule
from guardrails.gate import Gate
from guardrails.rule_pack import COMMON, RULES, load_pack

HEAD = (
    "grid: {grid}\nsource: {{document: Example Grid Company register, article: lines, edition: 2026-11, verified: {verified}}}\nratings:\n"
)


def write(folder: Path, rows: str, grid: str = "case118", verified: str = "yes", name: str = "ratings.yaml") -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(HEAD.format(grid=grid, verified=verified) + rows)


def rows(grid: Grid, mva: float = 2000.0) -> str:
    return "".join(f"  {name}: {{rating_mva: {mva}}}\n" for name in grid.model.branches.name)


def read(folder: Path) -> CompanyRatings:
    return read_ratings(folder)["case118"]


def test_the_gate_judges_loadings_by_the_supplied_ratings(tmp_path: Path, case118: Grid) -> None:
    """The same order is blocked without ratings, passes with ample ones, and is blocked by tight ones for what it overloads."""
    order, gate = [Action(kind="open", element="Line 1-2 (1)")], Gate(load_pack(RULES / "nerc", date(2026, 11, 20)))

    def outcomes(mva: float | None) -> dict[str, Outcome]:
        model = case118.model
        if mva is not None:
            write(tmp_path, rows(case118, mva))
            model = read(tmp_path).on(model)
        return {c.rule: c.outcome for c in gate.check(GridState.at_start(model), order, "maintenance").clauses}

    assert outcomes(None)["ratings-usable"] is Outcome.FAIL
    ample = outcomes(2000.0)
    assert (ample["ratings-usable"], ample["branch-loading"], ample["n1-loading"]) == (Outcome.PASS, Outcome.PASS, Outcome.PASS)
    assert outcomes(40.0)["branch-loading"] is Outcome.FAIL


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("  Line 1-2 (1): {rating_a: 600, weight: 3}\n", "field 'ratings.Line 1-2 (1).weight'"),
        ("  Line 1-2 (1): {rating_a: 600}\n  Line 1-2 (1): {rating_a: 700}\n", "given twice"),
        ("  Line 1-2 (1): {rating_a: much}\n", "field 'ratings.Line 1-2 (1).rating_a'"),
        ("  Line 1-2 (1): {rating_a: 600, temporary_a: 700}\n", "temporary_minutes belong together"),
        ("  Line 1-2 (1): {rating_a: 600, temporary_minutes: 15}\n", "temporary_minutes belong together"),
        ("  Line 1-2 (1): {rating_a: 600, temporary_a: 700, temporary_minutes: -1}\n", "temporary_minutes'"),
        ("  Line 1-2 (1): {rating_a: 600, temporary_a: 700, temporary_minutes: 14}\n", "greater than or equal to 15"),
        ("  [", "cannot be read"),
        ("  {}\n", "field 'ratings'"),
    ],
)
def test_a_malformed_file_is_refused_by_file_and_field(tmp_path: Path, text: str, named: str) -> None:
    """As a rule file is."""
    write(tmp_path / "ratings", text)
    with pytest.raises(InvalidRule) as caught:
        read_ratings(tmp_path / "ratings")
    assert named in str(caught.value)
    assert "'ratings.yaml'" in str(caught.value)


def test_a_temporary_rating_holds_as_long_as_the_rules_count_on_it() -> None:
    """Whichever rule lets a branch carry it for a while."""
    rules = [rule for path in RULES.iterdir() if path.is_dir() and path != COMMON for rule in load_pack(path, date(2026, 11, 20)).rules]
    assert all(rule.parameters.get("temporary_minutes", 0.0) <= LEAST_TEMPORARY_MINUTES for rule in rules)


def test_ratings_that_nobody_read_are_not_used(tmp_path: Path) -> None:
    """They would open the gate on a guess."""
    write(tmp_path, "  Line 1-2 (1): {rating_a: 600}\n", verified="draft")
    with pytest.raises(InvalidRule, match=r"source\.verified"):
        read_ratings(tmp_path)


def test_a_grid_has_one_file(tmp_path: Path) -> None:
    """Two would leave open which of them holds; a file of another kind is not ignored in silence."""
    write(tmp_path, "  Line 1-2 (1): {rating_a: 600}\n")
    write(tmp_path, "  Line 1-2 (1): {rating_a: 500}\n", name="second.yaml")
    with pytest.raises(InvalidRule, match=r"'second\.yaml', field 'grid'"):
        read_ratings(tmp_path)
    (tmp_path / "second.yaml").rename(tmp_path / "second.csv")
    with pytest.raises(InvalidRule, match=r"second\.csv"):
        read_ratings(tmp_path)
    assert read_ratings(tmp_path / "nowhere") == {}


def test_a_rating_that_does_not_fit_the_grid_names_the_file(tmp_path: Path, case118: Grid) -> None:
    """With the element, and what would work."""
    write(tmp_path, "  Line 1-999: {rating_a: 600}\n")
    with pytest.raises(InvalidRule, match=r"'ratings\.yaml', field 'ratings': There is no element 'Line 1-999'"):
        read(tmp_path).on(case118.model)
