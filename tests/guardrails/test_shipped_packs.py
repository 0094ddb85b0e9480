"""Every rule of every shipped pack: cited, certain enough, and equal to the fact it names."""

from datetime import date
from pathlib import Path

import pytest

from grid_models.findings import Outcome
from guardrails.checks.table import CHECKS
from guardrails.rule import Rule
from guardrails.rule_pack import COMMON, RULES, compile_limits, load_pack
from knowledge.clauses import Clause, clauses_of_facts, load_clauses

TODAY = date(2026, 11, 20)
PACKS = tuple(sorted(path for path in RULES.iterdir() if path.is_dir() and path != COMMON))
SHIPPED = [pytest.param(rule, id=f"{path.name}:{rule.id}") for path in PACKS for rule in load_pack(path, TODAY).rules]
# Checks of a pack that another one has no rule for, and why: facts of its own system are not known, or known from memory only.
_FREQUENCY = {"frequency_nadir", "frequency_rate", "frequency_shedding"}
MISSING = {"gb": _FREQUENCY, "nerc": {"voltage", *_FREQUENCY}, "entsoe-continental": set()}


_HEAT = {"transformer-hot-spot", "transformer-top-oil"}


def test_three_packs_are_shipped() -> None:
    """Beside what they have in common."""
    assert [path.name for path in PACKS] == ["entsoe-continental", "gb", "nerc"]


@pytest.mark.parametrize("rule", SHIPPED)
def test_every_citation_resolves_and_claims_no_more_than_its_clause(rule: Rule) -> None:
    """A rule cites a stored clause of the same document, and what can block was read."""
    cited = load_clauses()[rule.clause]
    assert cited.standard == rule.source.document
    assert cited.verified == rule.source.verified
    assert rule.violated is not Outcome.FAIL or cited.verified == "yes"


@pytest.mark.parametrize("rule", SHIPPED)
def test_the_numbers_of_a_rule_are_those_of_the_fact_it_names(rule: Rule) -> None:
    """Rule and passage cannot drift apart; a rule without numbers names no fact."""
    numbers = {name: value for name, value in rule.limit if value is not None}
    if not numbers and not rule.parameters:
        assert rule.fact is None
        return
    assert rule.fact is not None, "a rule with numbers names a fact of a stored passage"
    fact = clauses_of_facts(load_clauses())[rule.fact].facts[rule.fact]
    stored = {name: value for name, value in (("min", fact.min), ("max", fact.max)) if value is not None}
    assert (numbers, rule.unit, rule.parameters) == (stored, fact.unit, fact.parameters)


@pytest.mark.parametrize("clause", [c for c in load_clauses().values() if c.facts], ids=lambda c: c.id)
def test_the_numbers_of_a_fact_stand_in_its_words(clause: Clause) -> None:
    """What a person reads in the passage is what the rules use; zero and all of a rating need no digits."""
    words = " ".join(clause.text.split())
    for fact in clause.facts.values():
        for value in (fact.min, fact.max, *fact.parameters.values()):
            assert value in (None, 0.0) or f"{value:g}" in words, f"{value} of {clause.id}"


@pytest.mark.parametrize("folder", PACKS, ids=lambda path: path.name)
def test_a_pack_judges_what_the_others_judge(folder: Path) -> None:
    """A quantity that a pack forgets would pass there without a word."""
    everything = {rule.check for path in PACKS for rule in load_pack(path, TODAY).rules}
    assert everything - {rule.check for rule in load_pack(folder, TODAY).rules} == MISSING[folder.name]


def test_no_section_of_our_procedure_stands_for_two_passages() -> None:
    """What a card cites must be found."""
    cited = [clause.citation for clause in load_clauses().values() if clause.standard == "AEIP operating procedure"]
    assert len(set(cited)) == len(cited)


def test_every_check_is_used() -> None:
    """A check that no shipped rule names would be dead."""
    assert {rule.check for path in PACKS for rule in load_pack(path, TODAY).rules} == set(CHECKS)


def test_what_is_known_from_a_draft_warns_and_says_so() -> None:
    """Great Britain's voltage ranges are of a draft: no study calls them limits, and the gate only warns by them."""
    pack = load_pack(RULES / "gb", TODAY)
    drafts = [rule for rule in pack.rules if rule.source.verified == "draft"]
    assert {rule.id for rule in drafts} == {*_HEAT, "voltage-110", "voltage-300", "n1-voltage-110", "n1-voltage-300"}
    assert all(rule.violated is Outcome.WARN for rule in drafts)
    assert all("not verified (draft)" in rule.doubt for rule in drafts if rule.severity == "block")
    assert compile_limits(pack).voltage_bands == ()


def test_the_narrower_of_packs_is_the_pack_of_the_continent() -> None:
    """Levels without a code of their own are judged by the grid's data, and by it alone, in each pack."""
    covered = {path.name: next(r.voltage_range_kv for r in load_pack(path, TODAY).rules if r.check == "voltage_planning") for path in PACKS}
    assert covered["entsoe-continental"] is not None
    assert (covered["entsoe-continental"].from_kv, covered["entsoe-continental"].below) == (0, 110)
    assert covered["gb"] == covered["nerc"]
