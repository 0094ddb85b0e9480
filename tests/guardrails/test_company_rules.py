"""A company's rules tighten the pack's or add to them; whatever would loosen is refused by file and field."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grid_models.findings import Outcome
from guardrails.company_rules import tightened
from guardrails.errors import InvalidRule
from guardrails.rule import Limits, Rule
from guardrails.rule_folder import read_rules
from guardrails.rule_pack import COMMON, ENTSOE_CONTINENTAL, RULES, RulePack, compile_limits, load_pack

TODAY = date(2026, 11, 20)
OWN = "document: Example Grid Company, operating handbook\n  article: section 4\n  edition: 2026-11\n  verified: yes"


@pytest.fixture
def company(tmp_path: Path) -> Path:
    folder = tmp_path / "company"
    folder.mkdir()
    return folder


def write(company: Path, rule_id: str, *edits: tuple[str, str], pack: Path = ENTSOE_CONTINENTAL, new_id: str | None = None) -> None:
    """A company's rule: the shipped file with some texts replaced, its source and clause its own."""
    path = pack / f"{rule_id}.yaml" if (pack / f"{rule_id}.yaml").exists() else COMMON / f"{rule_id}.yaml"
    head, _ = path.read_text().split("source:\n")
    text = f"{head}source:\n  {OWN}\nclause: aeip-company-rules\n"
    for old, new in edits:
        assert old in text, old
        text = text.replace(old, new)
    (company / f"{new_id or rule_id}.yaml").write_text(text)


def loaded(company: Path, on: date = TODAY, pack: Path = ENTSOE_CONTINENTAL) -> RulePack:
    return load_pack(pack, on, company=company)


def rule(pack: RulePack, rule_id: str) -> Rule:
    return next(r for r in pack.rules if r.id == rule_id)


def test_a_lower_limit_holds_for_gate_and_studies(company: Path) -> None:
    """The verdict names pack and company, and its version tells that other rules were in force."""
    write(company, "branch-loading", ("{max: 100.0}", "{max: 90.0}"), ("critical: false", "critical: true"))
    pack = loaded(company)
    assert compile_limits(pack).max_loading_percent == 90.0
    assert rule(pack, "branch-loading").critical
    assert pack.label == f"entsoe-continental + company {pack.version}"
    assert pack.version != load_pack(ENTSOE_CONTINENTAL, TODAY).version


def test_a_company_rule_holds_from_its_date_until_its_repeal(company: Path) -> None:
    """Before and after, the pack's own limit is in force."""
    write(company, "branch-loading", ("2026-11-01: {max: 100.0}", "2026-12-01: {max: 90.0}\n  2027-01-01: null"))
    days = (TODAY, date(2026, 12, 1), date(2027, 1, 1))
    assert [rule(loaded(company, on), "branch-loading").limit.max for on in days] == [100.0, 90.0, 100.0]


def test_a_company_adds_rules(company: Path) -> None:
    """A second limit on loading is one more rule; studies name the tighter one."""
    write(company, "branch-loading", ("id: branch-loading", "id: company-loading"), ("max: 100.0", "max: 80.0"), new_id="company-loading")
    limits = compile_limits(loaded(company))
    assert (limits.max_loading_percent, limits.loading_rule) == (80.0, "company-loading")


def test_a_warning_may_become_a_block_by_a_source_that_was_read(company: Path) -> None:
    """Also where the pack's own source is a draft: then the company's range is a limit for studies, too."""
    write(company, "lost-generation", ("severity: warn", "severity: block"))
    assert rule(loaded(company), "lost-generation").violated is Outcome.FAIL
    gb = RULES / "gb"
    write(company, "voltage-110", ("max: 1.10", "max: 1.09"), pack=gb)
    assert [band.max_pu for band in compile_limits(loaded(company, pack=gb)).voltage_bands] == [1.09]


@pytest.mark.parametrize(
    ("rule_id", "old", "new", "field"),
    [
        ("branch-loading", "{max: 100.0}", "{max: 100.5}", "'limits.2026-11-01.max'"),
        ("branch-loading", "2026-11-01: {max: 100.0}", "2026-11-01: {max: 90.0}\n  2031-01-01: {max: 110.0}", "'limits.2031-01-01.max'"),
        ("voltage-110", "{min: 0.90,", "{min: 0.89,", "'limits.2016-09-07.min'"),
        ("voltage-110", "max: 1.118", "max: 1.12", "'limits.2016-09-07.max'"),
        ("voltage-110", "{from: 110, below: 300}", "{from: 110, below: 200}", "'voltage_range_kv'"),
        ("voltage-110", "unit: pu", "unit: pu\nareas: [North]", "'areas'"),
        ("voltage-380", "base_kv: 400", "base_kv: 420", "'base_kv'"),
        ("branch-loading", "value: 1.0", "value: 1.1", "'tolerance'"),
        ("lost-load", "drift: 1.0", "drift: 2.0", "'tolerance'"),
        ("lost-load", "critical: true", "critical: false", "'critical'"),
        ("branch-loading", "severity: block", "severity: warn", "'severity'"),
        ("branch-loading", "verified: yes", "verified: draft", "'source.verified'"),
        ("branch-loading", "gate: code", "gate: physics", "'gate'"),
        ("n1-loading", "exceptional: [infeed]", "exceptional: [infeed, line]", "'exceptional'"),
        ("branch-loading", "check: branch_loading", "check: n1_loading", "'check'"),
    ],
)
def test_what_loosens_is_refused_by_file_and_field(company: Path, rule_id: str, old: str, new: str, field: str) -> None:
    """Nothing is checked with rules that ask less than the codes."""
    write(company, rule_id, (old, new))
    with pytest.raises(InvalidRule, match="only tighten") as caught:
        loaded(company)
    assert f"'{rule_id}.yaml'" in str(caught.value)
    assert field in str(caught.value)


@given(low=st.floats(0.5, 1.0), high=st.floats(1.01, 1.5), value=st.floats(0.4, 1.6), tolerance=st.floats(0, 0.01))
def test_an_accepted_rule_allows_nothing_that_the_pack_forbids(low: float, high: float, value: float, tolerance: float) -> None:
    """Whatever the numbers: a voltage inside the company's range widened by its tolerance is inside the pack's."""
    shipped = read_rules(ENTSOE_CONTINENTAL)["voltage-110"]
    own = shipped.model_copy(
        update={
            "limits": {date(2026, 1, 1): Limits(min=low, max=high)},
            "tolerance": shipped.tolerance.model_copy(update={"value": tolerance}),
        }
    )
    pack = shipped.limits[date(2016, 9, 7)]
    assert pack is not None
    assert pack.min is not None
    assert pack.max is not None
    try:
        (found,) = tightened({"voltage-110": shipped}, {"voltage-110": own}, TODAY)
    except InvalidRule:
        assert low < pack.min or high > pack.max or tolerance > shipped.tolerance.value
        return
    assert (found.limit.min, found.limit.max) == (low, high)
    if low - tolerance <= value <= high + tolerance:
        assert pack.min - shipped.tolerance.value <= value <= pack.max + shipped.tolerance.value


def test_a_warning_becomes_no_block_by_a_source_that_was_not_read(company: Path) -> None:
    """It would read like a block and only warn."""
    write(company, "lost-generation", ("severity: warn", "severity: block"), ("verified: yes", "verified: no"))
    with pytest.raises(InvalidRule, match=r"source\.verified"):
        loaded(company)


def test_a_malformed_company_rule_is_refused_as_any_other(company: Path) -> None:
    """By file and field, and a file of another kind is no rule in silence."""
    write(company, "branch-loading", ("unit: percent", "unit: pu"))
    with pytest.raises(InvalidRule, match="field 'unit'"):
        loaded(company)
    (company / "branch-loading.yaml").rename(company / "branch-loading.yml")
    with pytest.raises(InvalidRule, match=r"branch-loading\.yml"):
        loaded(company)


def test_an_empty_folder_of_a_company_changes_nothing_but_the_name(company: Path) -> None:
    """Its README is no rule."""
    (company / "README.md").write_text("Our rules.")
    assert loaded(company).version == load_pack(ENTSOE_CONTINENTAL, TODAY).version
