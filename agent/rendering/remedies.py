"""What would work instead of a blocked request, by the rule that blocks."""

from agent.rendering.reading import Row, rows, text

# rule id (or its beginning) -> what to do; the first blocking rule decides
_WORKS: dict[str, str] = {
    "ratings-usable": "usable ratings, in the grid's file or as a company overlay.",
    "tap-range": "a position inside the range.",
    "generator-range": "a value inside the range.",
    "shunt-range": "a step that the shunt has.",
    "tap-steps": "a list of shorter steps, one after the other.",
    "shunt-steps": "a list of shorter steps, one after the other.",
    "reactive-range": "a smaller value, or more room for it by less active power.",
    "action-valid": "the same request with a value that fits the element.",
    "element-hypothetical": 'the same as a study: ask "what if". A real change names elements and values.',
    "nil-effect": "nothing has to be done if it is as it should be already; otherwise name another element.",
    "lost-load": "supplying these loads another way first, or shedding them on purpose with a reason.",
    "branch-loading": "relieving that branch first (less generation behind it), or another element with a parallel path.",
    "temporary-loading": "relieving that branch first (less generation behind it), or another element with a parallel path.",
    "relay-pickup": "relieving that branch first (less generation behind it), or another element with a parallel path.",
    "relay-zone3": "relieving that line or lifting its voltage first, then asking again.",
    "n1-relay-pickup": "relieving that branch first (less generation behind it), then asking again.",
    "closing-angle": "bringing both sides nearer first (less power on the way around), or synchronising at the plant.",
    "closing-voltage": "bringing both voltages nearer first (tap, reactive power), then asking again.",
    "n1-loading": "relieving that branch first (less generation behind it), then asking again.",
    "voltage": "bringing that voltage back first (tap, reactive power), then asking again.",
    "n1-voltage": "bringing that voltage back first (tap, reactive power), then asking again.",
    "grid-data-voltage": "bringing that voltage back first (tap, reactive power), then asking again.",
    "power-flow": "a smaller change, or the same in several steps.",
    "n1-solution": "a smaller change, or the same in several steps.",
}


def would_work(result: Row) -> list[str]:
    """One sentence for the first blocking rule that has one."""
    blocking = [text(c, "rule") for c in rows(result, "clauses") if text(c, "outcome") in ("fail", "not checkable")]
    known = [words for rule in blocking for start, words in _WORKS.items() if rule == start or rule.startswith(f"{start}-")]
    return [f"What would work: {known[0]}"] if known else []
