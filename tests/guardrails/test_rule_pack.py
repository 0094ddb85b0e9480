"""Rule files: dated, sourced, and refused by file and field when they are wrong."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from guardrails.errors import InvalidRule
from guardrails.rule import GateName, Rule, VoltageRange
from guardrails.rule_pack import COMMON, ENTSOE_CONTINENTAL, compile_limits, load_pack
from knowledge.clauses import load_clauses

TODAY = date(2026, 11, 20)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the pack with what it includes, free to be broken."""
    shutil.copytree(COMMON, tmp_path / "pack")
    return Path(shutil.copytree(ENTSOE_CONTINENTAL, tmp_path / "pack", dirs_exist_ok=True))


def edit(folder: Path, name: str, old: str, new: str) -> None:
    """Replace a text that is there."""
    path = folder / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def rule(folder: Path, rule_id: str, on: date = TODAY) -> Rule | None:
    return next((r for r in load_pack(folder, on).rules if r.id == rule_id), None)


def test_the_shipped_pack_covers_what_a_gate_needs() -> None:
    """Hard limits come first, then physics, then code clauses; every quantity of the design has a rule."""
    pack = load_pack(ENTSOE_CONTINENTAL, TODAY)
    gates = [r.gate for r in pack.rules]
    assert gates == sorted(gates, key=list(GateName).index)
    wanted = {"voltage-110", "voltage-380", "branch-loading", "lost-load", "tap-range", "generator-range", "n1-loading", "n1-voltage-110"}
    assert wanted <= {r.id for r in pack.rules}


@pytest.mark.parametrize("rule_id", ["voltage-110", "branch-loading", "lost-load"])
def test_tolerances_stand_in_the_procedure(rule_id: str) -> None:
    """The three default tolerances are those of the procedure on what an action causes."""
    found = rule(ENTSOE_CONTINENTAL, rule_id)
    assert found
    assert f"{found.tolerance.value} " in " ".join(load_clauses()["aeip-caused-by-the-action"].text.split())
    assert found.tolerance.source == "engineering judgement"


def test_compiled_limits_are_those_of_the_rules() -> None:
    """Chat and gate name the same limits: 220-kV nodes in the lower band, 400-kV nodes on a base of 400 kV."""
    limits = compile_limits(load_pack(ENTSOE_CONTINENTAL, TODAY))
    assert (limits.max_loading_percent, limits.loading_rule) == (100.0, "branch-loading")
    covering = {
        kv: [b for b in limits.voltage_bands if b.nominal_from_kv <= kv < b.nominal_below_kv] for kv in (110, 220, 299.9, 345, 380, 400)
    }
    assert [[b.rule for b in bands] for bands in covering.values()] == [
        ["voltage-110"], ["voltage-110"], ["voltage-110"], ["voltage-300"], ["voltage-380"], ["voltage-380"]
    ]  # fmt: skip
    assert covering[380][0].max_pu * (covering[380][0].base_kv or 0) == pytest.approx(420.0)


def test_a_limit_holds_from_its_date_until_the_next(folder: Path) -> None:
    """The rules are those in force on the day; a repealed one is gone."""
    edit(
        folder,
        "voltage-110.yaml",
        "{min: 0.90, max: 1.118}",
        "{min: 0.90, max: 1.118}\n  2027-01-01: {min: 0.90, max: 1.10}\n  2028-01-01: null",
    )
    before, after = rule(folder, "voltage-110", date(2026, 12, 31)), rule(folder, "voltage-110", date(2027, 1, 1))
    assert before
    assert before.limit.max == 1.118
    assert after
    assert after.limit.max == 1.10
    assert after.valid_from == date(2027, 1, 1)
    assert rule(folder, "voltage-110", date(2028, 1, 1)) is None


def test_before_its_first_date_no_pack_is_in_force() -> None:
    """A pack that lacks a check every gate needs is refused, not half applied."""
    with pytest.raises(InvalidRule, match="which every pack needs"):
        load_pack(ENTSOE_CONTINENTAL, date(2020, 1, 1))


def test_the_version_changes_with_the_rules_in_force(folder: Path) -> None:
    """A verdict's pack version tells whether two verdicts were judged by the same rules."""
    first = load_pack(folder, TODAY)
    assert first.version == load_pack(ENTSOE_CONTINENTAL, TODAY).version
    assert first.label == f"pack {first.version}"
    edit(folder, "branch-loading.yaml", "{max: 100.0}", "{max: 95.0}")
    assert load_pack(folder, TODAY).version != first.version


def test_drift_is_the_tolerance_unless_the_rule_says_otherwise() -> None:
    """Revalidation gets one number a rule."""
    tolerances = load_pack(ENTSOE_CONTINENTAL, TODAY).tolerances
    assert (tolerances["branch-loading"], tolerances["voltage-110"], tolerances["lost-generation"]) == (1.0, 0.002, 5.0)


@pytest.mark.parametrize(
    ("file", "old", "new", "named"),
    [
        ("branch-loading.yaml", "unit: percent", "unit: percent\nweight: 3", "field 'weight'"),
        ("branch-loading.yaml", "unit: percent", "unit: percent\nunit: pu", "given twice"),
        ("branch-loading.yaml", "{max: 100.0}", "{max: 100.0, max: 120.0}", "given twice"),
        ("branch-loading.yaml", "check: branch_loading", "check: branch_londing", "field 'check'"),
        ("branch-loading.yaml", "unit: percent", "unit: pu", "field 'unit'"),
        ("branch-loading.yaml", "{max: 100.0}", "{max: high}", "field 'limits.2026-11-01.max'"),
        ("branch-loading.yaml", "{max: 100.0}", "{max: .nan}", "field 'limits.2026-11-01.max'"),
        ("branch-loading.yaml", "{max: 100.0}", "{}", "needs max"),
        ("branch-loading.yaml", "{max: 100.0}", "{min: 0.0, max: 100.0}", "needs max"),
        ("branch-loading.yaml", "2026-11-01:", "soon:", "field 'limits.soon"),
        ("branch-loading.yaml", "value: 1.0", "value: -1.0", "field 'tolerance.value'"),
        ("branch-loading.yaml", "severity: block", "severity: maybe", "field 'severity'"),
        ("branch-loading.yaml", "gate: code", "gate: soft", "field 'gate'"),
        ("branch-loading.yaml", "clause: aeip-permanent-rating", "clause: nowhere", "field 'clause'"),
        ("branch-loading.yaml", "id: branch-loading", "id: loading", "field 'id'"),
        ("branch-loading.yaml", "critical: false\n", "", "field 'critical'"),
        ("branch-loading.yaml", "id: branch-loading", "id: [", "cannot be read"),
        ("voltage-110.yaml", "clause: dcc-annex-ii-110", "clause: sogl-annex-ii", "field 'source.verified'"),
        ("voltage-110.yaml", "{min: 0.90, max: 1.118}", "{min: 1.118, max: 0.90}", "is not below"),
        ("voltage-110.yaml", "{from: 110, below: 300}", "{from: 110, below: 301}", "it overlaps the range of 'voltage-110.yaml'"),
        ("voltage-110.yaml", "{from: 110, below: 300}", "{from: 110}", "field 'voltage_range_kv'"),
        ("voltage-110.yaml", "voltage_range_kv: {from: 110, below: 300}\n", "", "field 'voltage_range_kv'"),
        ("lost-load.yaml", "unit: MW", "unit: MW\nvoltage_range_kv: {from: 1, to: 2}", "field 'voltage_range_kv'"),
        ("lost-load.yaml", "unit: MW", "unit: MW\nareas: [North]", "knows no areas"),
        ("lost-load.yaml", "unit: MW", "unit: MW\nparameters: {hours: 6}", "'lost_load' needs none"),
        ("n1-loading.yaml", "temporary_minutes: 15", "hours: 6", "needs none and may have temporary_minutes"),
    ],
)
def test_a_malformed_rule_is_refused_by_file_and_field(folder: Path, file: str, old: str, new: str, named: str) -> None:
    """Nothing is checked with half a pack: the message names the file and the field."""
    edit(folder, file, old, new)
    with pytest.raises(InvalidRule) as caught:
        load_pack(folder, TODAY)
    assert named in str(caught.value)
    assert ".yaml'" in str(caught.value)


def test_a_lost_rule_file_does_not_open_the_gate(folder: Path) -> None:
    """Without the rule on lost load there is no pack; a pack without a file of its own has the common one."""
    (folder / "lost-load.yaml").unlink()
    assert rule(folder, "lost-load")
    with pytest.raises(InvalidRule, match="lost_load"):
        load_pack(folder, TODAY, common=folder)


@pytest.mark.parametrize("interlock", ["tagged", "protected-elements", "disconnector-unloaded"])
def test_a_lost_interlock_does_not_unlock(folder: Path, interlock: str) -> None:
    """No pack without the rules that keep people safe, nor with one repealed."""
    edit(folder, f"{interlock}.yaml", "2026-11-01:", "2026-12-01:")
    with pytest.raises(InvalidRule, match="no rule in force blocks by"):
        load_pack(folder, TODAY)


@pytest.mark.parametrize(
    ("rule_id", "said"),
    [
        ("disconnector-unloaded", "at most {0:g} A"),
        ("actions-per-proposal", "at most {0:g} actions"),
        ("actions-per-hour", "at most {0:g} actions"),
    ],
)
def test_limits_on_orders_stand_in_the_procedure(rule_id: str, said: str) -> None:
    """Rule and passage cannot drift apart."""
    found = rule(ENTSOE_CONTINENTAL, rule_id)
    assert found
    assert said.format(found.limit.max) in " ".join(load_clauses()[found.clause].text.split())


def test_a_file_that_would_be_ignored_is_refused(folder: Path) -> None:
    """A rule saved as .yml would otherwise be no rule, in silence."""
    (folder / "lost-load.yaml").rename(folder / "lost-load.yml")
    with pytest.raises(InvalidRule, match=r"lost-load\.yml"):
        load_pack(folder, TODAY)


def test_an_unreadable_folder_or_file_is_one_sentence(folder: Path) -> None:
    """A missing folder and a file of bytes are invalid rules, not tracebacks of their own."""
    with pytest.raises(InvalidRule, match="no rule folder"):
        load_pack(folder / "nowhere", TODAY)
    (folder / "lost-load.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InvalidRule, match=r"lost-load\.yaml"):
        load_pack(folder, TODAY)


def test_ranges_that_only_touch_do_not_overlap() -> None:
    """An excluded end may be the next range's start; an included one may not."""
    below, included = VoltageRange(from_kv=110, below=300), VoltageRange(from_kv=110, to=300)
    upper = VoltageRange(from_kv=300, to=400)
    assert not below.overlaps(upper)
    assert included.overlaps(upper)
    assert upper.overlaps(included)


def test_two_areas_may_have_their_own_limits(folder: Path) -> None:
    """The same level in two areas is no overlap; one area named twice is."""
    text = (folder / "voltage-110.yaml").read_text()
    (folder / "voltage-110-north.yaml").write_text(text.replace("id: voltage-110", "id: voltage-110-north\nareas: [North]"))
    edit(folder, "voltage-110.yaml", "id: voltage-110", "id: voltage-110\nareas: [South, East]")
    assert {r.id: r.areas for r in load_pack(folder, TODAY).rules if r.check == "voltage"}["voltage-110-north"] == ("North",)
    edit(folder, "voltage-110.yaml", "[South, East]", "[South, North]")
    with pytest.raises(InvalidRule, match="overlaps"):
        load_pack(folder, TODAY)
