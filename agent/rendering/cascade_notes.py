"""What does a cascade rest on? Flows, changes, assumptions and unverified settings, in one short paragraph and never hidden."""

from agent.answer import Call
from agent.rendering.basis import paragraph, said
from agent.rendering.cascade_rows import many
from agent.rendering.reading import text, texts
from agent.rendering.thermal_rows import of_result

_BLIND = "No overload was judged, so more may trip than is told."


def notes(call: Call) -> list[str]:
    result = call.result
    told = [
        *_flows(call),
        *said("Changes studied", texts(result, "changes")),
        *([_BLIND] if result.get("ratings_usable") is False else []),
        *([f"{note}."] if (note := text(result, "ratings_note").rstrip(".")) else []),
        *said("Assumed", texts(result, "assumed")),
        *said("Not verified", texts(result, "unverified")),
    ]
    return paragraph(told)


def _flows(call: Call) -> list[str]:
    """Where AC flows had no solution, DC flows are weaker: they know no voltages and no losses."""
    found, method = of_result(call), text(call.result, "method")
    if not found.amount("steps") or not method:
        return []
    solved = f"{method.upper()} flows, {many(found, 'steps', 'step')}"
    if not found.amount("dc_steps"):
        return [f"{solved}."]
    return [f"{solved}, of which {found('dc_steps')} had no AC solution: DC flows stand in there, without voltages and losses."]
