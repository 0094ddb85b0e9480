"""Where people work nothing is operated and nothing gets voltage: what is earthed, tagged or locked out."""

from grid_models.findings import ClauseResult, Outcome
from guardrails.change import Change
from guardrails.checks.energised import Energising
from guardrails.checks.finding import LISTED, finding
from guardrails.checks.operated import operated, state_after
from guardrails.circumstances import Tag
from guardrails.rule import Rule


def check(change: Change, rule: Rule) -> list[ClauseResult]:
    """Does the step operate or energise an element that bears a tag? A tag on what the grid does not hold makes it not checkable."""
    if not change.around.tags:  # a pass: else the first tag anywhere would make every approval stale
        return finding(rule, Outcome.PASS, "Nothing is earthed, tagged or locked out.")
    broken = _broken(change)
    if not broken:
        return finding(rule, Outcome.PASS, f"It operates and energises none of {len(change.around.tags)} tagged elements.")
    said = " ".join(_words(change, tag, verb) for tag, verb in broken[:LISTED])
    said += f" {len(broken)} tags in all." if len(broken) > LISTED else ""
    said += f" Whoever set a tag, or a supervisor, can lift it (`aeip tags`).{rule.doubt}"
    return finding(rule, rule.violated, said, element=broken[0][0].element)


def _broken(change: Change) -> list[tuple[Tag, str]]:
    """Tags that the step disregards, and what it would do."""
    before, moved = change.previous.state, operated(change)
    energising = Energising(before, state_after(change))
    found = []
    for tag in change.around.tags:
        element = before.model.registry.find(tag.element)
        if element in moved:
            found.append((tag, "operate"))
        elif energising.reaches(element):
            found.append((tag, "energise"))
    return found


def _words(change: Change, tag: Tag, verb: str) -> str:
    return f"To {change.action.words()} would {verb} {tag.element}, which is {tag.kind}: {tag.by} says '{tag.note}'."
