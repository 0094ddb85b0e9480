"""What does a transformer study rest on? Sources, assumptions and unverified constants, in one short paragraph and never hidden."""

from agent.answer import Call
from agent.rendering.reading import text, texts
from agent.rendering.thermal_rows import listed, of_result


def notes(call: Call) -> list[str]:
    result = call.result
    told = [
        *_after("Temperatures by", [text(result, "method")], ""),
        *_after("Limits", [text(result, "limit_regime")]),
        *_paths(call),
        *_after("Load", [text(result, "load")]),
        *_after("Ambient temperature", [text(result, "ambient")]),
        *_after("Changes studied", texts(result, "changes")),
        *_after("Assumed, because no record tells it", texts(result, "assumed")),
        *_after("Repaired in what was given", texts(result, "repairs")),
        *_after("Not verified in the standard itself", [*texts(result, "unverified"), *_unverified_limits(call)]),
    ]
    return [f"What this rests on: {' '.join(told)}"] if told else []


def _after(words: str, said: list[str], colon: str = ":") -> list[str]:
    """'Load: ...', each saying word for word so that its numbers keep their source."""
    kept = list(dict.fromkeys(s.rstrip(".") for s in said if s))
    return [f"{words}{colon} {'; '.join(kept)}."] if kept else []


def _unverified_limits(call: Call) -> list[str]:
    """Each doubt once, with the regimes it is about; none where it is about all."""
    every = listed(call, "regimes")
    of: dict[str, list[str]] = {}
    for r in every:
        of.setdefault(r.text("unverified"), []).append(r.text("regime"))
    return [doubt if len(whose) == len(every) else f"{doubt} ({', '.join(whose)})" for doubt, whose in of.items() if doubt]


def _paths(call: Call) -> list[str]:
    found = of_result(call)
    return [f"Intervals from {found('paths')} paths of load, weather and constants."] if found.amount("paths") else []
