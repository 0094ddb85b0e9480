"""Read a folder of rule files, each refused by file and field when it is wrong."""

from collections.abc import Mapping
from pathlib import Path

from guardrails.checks.table import CHECKS
from guardrails.errors import InvalidRule
from guardrails.rule import RuleFile
from guardrails.yaml_file import read_as
from knowledge.clauses import Clause, clauses_of_facts, load_clauses

_CERTAINTY = {"no": 0, "draft": 1, "yes": 2}


def read_rules(folder: Path, *beside: str) -> dict[str, RuleFile]:
    """The rules of a folder by id; README.md and what is named `beside` are none. Raises InvalidRule naming file and field."""
    return {path.stem: read_rule(path) for path in _files(folder, {"README.md", *beside})}


def _files(folder: Path, no_rules: set[str]) -> list[Path]:
    """In order of their names. A file of another kind is a rule that would be ignored in silence."""
    if not folder.is_dir():
        raise InvalidRule(f"There is no rule folder '{folder}'; a folder with .yaml rules would work.")
    paths = sorted(path for path in folder.iterdir() if path.name not in no_rules)
    stray = [path.name for path in paths if path.suffix != ".yaml"]
    if stray:
        raise InvalidRule(f"Rule folder '{folder.name}' holds '{stray[0]}', which is no rule file; only names that end in .yaml are read.")
    return paths


def read_rule(path: Path) -> RuleFile:
    """One rule file. Raises InvalidRule naming file and field."""
    rule = read_as(RuleFile, path, "Rule file", _with_days_as_text)
    problem = _problem(rule, path, load_clauses())
    if problem:
        raise InvalidRule(f"Rule file '{path.name}', field {problem}.")
    return rule


def _with_days_as_text(content: object) -> object:
    """A date as text reads better in an error."""
    if isinstance(content, dict) and isinstance(content.get("limits"), dict):
        content["limits"] = {str(day): limit for day, limit in content["limits"].items()}
    return content


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
    if not spec.parameters <= set(rule.parameters) <= spec.parameters | spec.optional:
        allowed = f" and may have {' and '.join(sorted(spec.optional))}" if spec.optional else ""
        return f"'parameters': the check '{rule.check}' needs {' and '.join(sorted(spec.parameters)) or 'none'}{allowed}"
    if rule.areas and not spec.ranged:
        return f"'areas': the check '{rule.check}' knows no areas"
    for day, limit in rule.limits.items():
        given = set() if limit is None else {name for name, value in limit if value is not None}
        if limit is not None and given != spec.needs:
            return f"'limits.{day}': the check '{rule.check}' needs {' and '.join(sorted(spec.needs)) or 'no number'}"
    return _citation_problem(rule, clauses)


def _citation_problem(rule: RuleFile, clauses: Mapping[str, Clause]) -> str | None:
    """Clause and fact are stored, and the rule claims no more certainty than either of them has."""
    owners = clauses_of_facts(clauses)
    if rule.clause not in clauses:
        return f"'clause': there is no stored clause '{rule.clause}'"
    if rule.fact is not None and rule.fact not in owners:
        return f"'fact': no stored clause has a fact '{rule.fact}'"
    for cited in (clauses[rule.clause], *((owners[rule.fact],) if rule.fact else ())):
        if _CERTAINTY[rule.source.verified] > _CERTAINTY[cited.verified]:
            return f"'source.verified': it says '{rule.source.verified}', but the clause '{cited.id}' is verified: {cited.verified}"
    return None
