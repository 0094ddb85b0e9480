"""Read a folder of rules into the pack in force on a day; compile it into the limits that chat, studies and gate share."""

import hashlib
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from itertools import combinations
from math import nextafter
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from grid_models.limits import OperatingLimits, VoltageBand
from guardrails.checks.table import CHECKS
from guardrails.errors import InvalidRule
from guardrails.rule import GateName, Rule, RuleFile, VoltageRange, in_force, in_same_area
from knowledge.clauses import Clause, load_clauses
from knowledge.strict_yaml import load_strict

ENTSOE_CONTINENTAL = Path(__file__).parent / "rules" / "entsoe-continental"

# Without these nothing else a pack says could be trusted.
ALWAYS = frozenset({"action_valid", "element_hypothetical", "ratings_usable", "power_flow", "nil_effect", "branch_loading", "lost_load"})
ALWAYS |= {"disconnector_load", "protected", "tagged"}  # interlocks: a lost file must not unlock
_CERTAINTY = {"no": 0, "draft": 1, "yes": 2}


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


def load_pack(folder: Path, on: date) -> RulePack:
    """The pack of a folder on a day. Raises InvalidRule naming file and field; nothing is checked with half a pack."""
    files = [_read(path) for path in _rule_files(folder)]
    found = [rule for rule in (in_force(file, on) for file in files) if rule]
    if not found:
        raise InvalidRule(f"Rule folder '{folder.name}' holds no rule in force on {on.isoformat()}; a folder with .yaml rules would work.")
    _refuse_overlaps(found)
    _refuse_gaps(found, folder)
    gates = list(GateName)
    return RulePack(name=folder.name, on=on, rules=tuple(sorted(found, key=lambda rule: (gates.index(rule.gate), rule.id))))


def _refuse_overlaps(rules: list[Rule]) -> None:
    """Two limits for one node would leave open which of them holds."""
    for one, other in combinations(rules, 2):
        here, there = one.voltage_range_kv, other.voltage_range_kv
        if one.check == other.check and here and there and here.overlaps(there) and in_same_area(one.areas, other.areas):
            raise InvalidRule(f"Rule file '{other.id}.yaml', field 'voltage_range_kv': it overlaps the range of '{one.id}.yaml'.")


def _refuse_gaps(rules: list[Rule], folder: Path) -> None:
    """A lost or repealed file must not open the gate."""
    missing = sorted(ALWAYS - {rule.check for rule in rules})
    if missing:
        raise InvalidRule(f"Rule folder '{folder.name}', field 'check': no rule in force checks '{missing[0]}', which every pack needs.")


def compile_limits(pack: RulePack) -> OperatingLimits:
    """The limits every study uses, named by rule id. Raises InvalidRule when no loading rule is in force."""
    loading = next((rule for rule in pack.rules if rule.check == "branch_loading"), None)
    if loading is None or loading.limit.max is None:
        raise InvalidRule(f"Rule pack '{pack.name}' has no rule in force with the check 'branch_loading', so no loading could be judged.")
    bands = tuple(_band(rule, rule.voltage_range_kv) for rule in pack.rules if rule.check == "voltage" and rule.voltage_range_kv)
    return OperatingLimits(voltage_bands=bands, max_loading_percent=loading.limit.max, loading_rule=loading.id)


def _band(rule: Rule, covered: VoltageRange) -> VoltageBand:
    assert rule.limit.min is not None  # the table of checks asks for both
    assert rule.limit.max is not None
    end = covered.below if covered.below is not None else nextafter(covered.to or 0.0, float("inf"))
    return VoltageBand(rule.id, covered.from_kv, end, rule.limit.min, rule.limit.max, rule.base_kv)


def _rule_files(folder: Path) -> list[Path]:
    """The rule files in order of their names. A file of another kind is a rule that would be ignored in silence."""
    if not folder.is_dir():
        raise InvalidRule(f"There is no rule folder '{folder}'; a folder with .yaml rules would work.")
    paths = sorted(path for path in folder.iterdir() if path.name != "README.md")
    stray = [path.name for path in paths if path.suffix != ".yaml"]
    if stray:
        raise InvalidRule(f"Rule folder '{folder.name}' holds '{stray[0]}', which is no rule file; only names that end in .yaml are read.")
    return paths


def _read(path: Path) -> RuleFile:
    try:
        content = load_strict(path.read_text(encoding="utf-8"))
        if isinstance(content, dict) and isinstance(content.get("limits"), dict):
            content["limits"] = {str(day): limit for day, limit in content["limits"].items()}  # a date as text reads better in an error
        rule = RuleFile.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "(whole file)"
        raise InvalidRule(f"Rule file '{path.name}', field '{field}': {first['msg']}.") from error
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise InvalidRule(f"Rule file '{path.name}' cannot be read: {' '.join(str(error).split())}.") from error
    problem = _problem(rule, path, load_clauses())
    if problem:
        raise InvalidRule(f"Rule file '{path.name}', field {problem}.")
    return rule


def _problem(rule: RuleFile, path: Path, clauses: Mapping[str, Clause]) -> str | None:
    """What a single rule file gets wrong beyond its form, as `'field': reason`."""
    spec = CHECKS.get(rule.check)
    if rule.id != path.stem:
        return f"'id': it says '{rule.id}'; the file's name '{path.stem}' would work"
    if spec is None:
        return f"'check': there is no check '{rule.check}'; {', '.join(sorted(CHECKS))} exist"
    if rule.unit != spec.unit:
        return f"'unit': the check '{rule.check}' works in {spec.unit}, not in {rule.unit}"
    if spec.ranged != (rule.voltage_range_kv is not None):
        return f"'voltage_range_kv': the check '{rule.check}' {'needs one' if spec.ranged else 'takes none'}"
    if set(rule.parameters) != spec.parameters:
        return f"'parameters': the check '{rule.check}' needs {' and '.join(sorted(spec.parameters)) or 'none'}"
    if rule.areas and not spec.ranged:
        return f"'areas': the check '{rule.check}' knows no areas"
    for day, limit in rule.limits.items():
        given = set() if limit is None else {name for name, value in limit if value is not None}
        if limit is not None and given != spec.needs:
            return f"'limits.{day}': the check '{rule.check}' needs {' and '.join(sorted(spec.needs)) or 'no number'}"
    if rule.clause not in clauses:
        return f"'clause': there is no stored clause '{rule.clause}'"
    if _CERTAINTY[rule.source.verified] > _CERTAINTY[clauses[rule.clause].verified]:
        known = clauses[rule.clause].verified
        return f"'source.verified': it says '{rule.source.verified}', but the clause '{rule.clause}' is verified: {known}"
    return None
