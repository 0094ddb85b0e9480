"""Does a company's rule only tighten the pack's? Its file holds a whole rule: one of the pack's ids tightens it, another id adds to it."""

from collections.abc import Iterator, Mapping
from datetime import date

from guardrails.errors import InvalidRule
from guardrails.rule import Limits, Rule, RuleFile, Tolerance, in_force

# What a rule is about; a company that wants something else adds a rule of its own.
_SAME = ("gate", "check", "unit", "base_kv", "voltage_range_kv", "areas", "parameters")


def tightened(pack: Mapping[str, RuleFile], company: Mapping[str, RuleFile], on: date) -> tuple[Rule, ...]:
    """The rules in force on a day: the company's where it has one in force, else the pack's. Raises InvalidRule naming file and field."""
    for name, rule in company.items():
        problem = next(_loosened(pack[name], rule), None) if name in pack else None
        if problem is not None:
            raise InvalidRule(f"Company rule file '{name}.yaml', field {problem}; a company may only tighten a rule of its pack.")
    found = [(in_force(company[name], on) if name in company else None) or _of_pack(pack, name, on) for name in {**pack, **company}]
    return tuple(rule for rule in found if rule is not None)


def _of_pack(pack: Mapping[str, RuleFile], name: str, on: date) -> Rule | None:
    return in_force(pack[name], on) if name in pack else None


def _loosened(pack: RuleFile, company: RuleFile) -> Iterator[str]:
    """Each field by which the company's rule asks less than the pack's, as `'field': reason`."""
    for field in _SAME:
        if getattr(pack, field) != getattr(company, field):
            yield f"'{field}': it differs from the pack's"
    if not set(company.exceptional) <= set(pack.exceptional):
        yield "'exceptional': more outages would only warn"
    if company.tolerance.value > pack.tolerance.value or _drift(company.tolerance) > _drift(pack.tolerance):
        yield f"'tolerance': it is larger than the pack's {pack.tolerance.value:g}"
    if pack.critical and not company.critical:
        yield "'critical': the pack asks for two approvers"
    yield from _weaker(pack, company)
    yield from _wider(pack, company)


def _drift(tolerance: Tolerance) -> float:
    return tolerance.value if tolerance.drift is None else tolerance.drift


def _weaker(pack: RuleFile, company: RuleFile) -> Iterator[str]:
    """A rule that blocked would warn, or one would claim to block without a source that was read."""
    read = company.source.verified == "yes"
    if pack.severity == "block" and company.severity == "warn":
        yield "'severity': the pack's rule blocks"
    if company.severity == "block" and not read and (pack.severity == "warn" or pack.source.verified == "yes"):
        yield f"'source.verified': only a source that was read (yes) may block, and this one is verified: {company.source.verified}"


def _wider(pack: RuleFile, company: RuleFile) -> Iterator[str]:
    """On every day on which one of the two limits changes, so that none comes as a surprise."""
    for day in sorted({*pack.limits, *company.limits}):
        theirs, ours = in_force(pack, day), in_force(company, day)
        field = theirs and ours and _wider_field(theirs.limit, ours.limit)
        if ours and field:
            yield f"'limits.{ours.valid_from}.{field}': on {day} it would be looser than the pack's"


def _wider_field(pack: Limits, company: Limits) -> str | None:
    if pack.max is not None and (company.max is None or company.max > pack.max):
        return "max"
    if pack.min is not None and (company.min is None or company.min < pack.min):
        return "min"
    return None
