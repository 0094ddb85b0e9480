"""Read a folder of rules into the pack in force on a day; compile it into the limits that chat, studies and gate share."""

import hashlib
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from itertools import combinations
from math import nextafter
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from grid_models.findings import Outcome
from grid_models.limits import OperatingLimits, VoltageBand
from guardrails.company_rules import tightened
from guardrails.errors import InvalidRule
from guardrails.rule import GateName, Rule, VoltageRange, in_same_area
from guardrails.rule_folder import read_rules

RULES = Path(__file__).parent / "rules"
COMMON = RULES / "common"  # what every pack includes
RATINGS = "ratings"  # subfolder of a company's rules, one file a grid
ENTSOE_CONTINENTAL = RULES / "entsoe-continental"

# Unless rules with these checks can block, nothing else a pack says could be trusted.
ALWAYS = frozenset({"action_valid", "element_hypothetical", "ratings_usable", "power_flow", "nil_effect", "branch_loading", "lost_load"})
ALWAYS |= {"disconnector_load", "protected", "tagged"}  # interlocks: a lost file must not unlock
ALWAYS |= {"generator_range", "tap_range", "shunt_range", "n1_loading", "n1_solution"}
ALWAYS |= {"closing_angle", "closing_voltage", "actions_per_proposal", "actions_per_hour"}

# For studies where no pack can be read: the permanent rating, and the band that the grid's own data carries.
BARE_LIMITS = OperatingLimits(voltage_bands=(), max_loading_percent=100.0, loading_rule="branch-loading")


class RulePack(BaseModel):
    """The rules in force on one day, gate by gate and then by id."""

    model_config = ConfigDict(frozen=True)

    name: str
    on: date
    rules: tuple[Rule, ...]

    @cached_property
    def version(self) -> str:
        """First 12 hex digits of SHA-256 over the rules in force."""
        text = "\n".join(rule.model_dump_json() for rule in self.rules)
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    @property
    def label(self) -> str:
        """Name and version, as a verdict records them."""
        return f"{self.name} {self.version}"

    @property
    def tolerances(self) -> Mapping[str, float]:
        """How much the shown value of each rule may move before an approval is stale, by rule id and in the rule's unit."""
        return {rule.id: rule.tolerance.value if rule.tolerance.drift is None else rule.tolerance.drift for rule in self.rules}

    def of_gate(self, gate: GateName) -> tuple[Rule, ...]:
        return tuple(rule for rule in self.rules if rule.gate is gate)


def load_pack(folder: Path, on: date, common: Path = COMMON, company: Path | None = None) -> RulePack:
    """The pack of a folder on a day. Raises InvalidRule naming file and field; nothing is checked with half a pack.

    A file of the folder stands in place of the common one of the same name: a pack may cite the code of its own system for it.
    company: a folder of rules that tighten those of the pack or add to them.
    """
    files = read_rules(common) | read_rules(folder)
    found = list(tightened(files, read_rules(company, RATINGS) if company else {}, on))
    if not found:
        raise InvalidRule(f"Rule folder '{folder.name}' holds no rule in force on {on.isoformat()}; a folder with .yaml rules would work.")
    _refuse_overlaps(found)
    _refuse_gaps(found, folder)
    gates = list(GateName)
    name = f"{folder.name} + {company.name}" if company else folder.name
    return RulePack(name=name, on=on, rules=tuple(sorted(found, key=lambda rule: (gates.index(rule.gate), rule.id))))


def _refuse_overlaps(rules: list[Rule]) -> None:
    """Two limits for one node would leave open which of them holds."""
    for one, other in combinations(rules, 2):
        here, there = one.voltage_range_kv, other.voltage_range_kv
        if one.check == other.check and here and there and here.overlaps(there) and in_same_area(one.areas, other.areas):
            raise InvalidRule(f"Rule file '{other.id}.yaml', field 'voltage_range_kv': it overlaps the range of '{one.id}.yaml'.")


def _refuse_gaps(rules: list[Rule], folder: Path) -> None:
    """A lost or repealed file must not open the gate."""
    missing = sorted(ALWAYS - {rule.check for rule in rules if rule.violated is Outcome.FAIL})
    if missing:
        raise InvalidRule(f"Rule folder '{folder.name}', field 'check': no rule in force blocks by '{missing[0]}', which every pack needs.")


def compile_limits(pack: RulePack) -> OperatingLimits:
    """The limits every study uses, named by rule id: those that can block. Raises InvalidRule when no loading rule is among them."""
    blocking = [rule for rule in pack.rules if rule.violated is Outcome.FAIL]
    loading = [(rule.limit.max, rule.id) for rule in blocking if rule.check == "branch_loading" and rule.limit.max is not None]
    if not loading:
        raise InvalidRule(f"Rule pack '{pack.name}' has no rule in force with the check 'branch_loading', so no loading could be judged.")
    bands = tuple(_band(rule, rule.voltage_range_kv) for rule in blocking if rule.check == "voltage" and rule.voltage_range_kv)
    percent, name = min(loading)
    return OperatingLimits(voltage_bands=bands, max_loading_percent=percent, loading_rule=name)


def _band(rule: Rule, covered: VoltageRange) -> VoltageBand:
    assert rule.limit.min is not None  # the table of checks asks for both
    assert rule.limit.max is not None
    end = covered.below if covered.below is not None else nextafter(covered.to or 0.0, float("inf"))
    return VoltageBand(rule.id, covered.from_kv, end, rule.limit.min, rule.limit.max, rule.base_kv)
