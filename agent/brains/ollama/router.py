"""Which tools may this question need? Ranked by the embedded understanding, so that a small model chooses among few."""

from collections.abc import Sequence

from agent.brains.embedded.classifier import Meaning
from agent.brains.embedded.intents import likelihoods
from agent.brains.ollama.data_file import yaml_file
from agent.brains.ollama.reading import Reading
from agent.brains.ollama.tool import Tool

MOST = 8  # with more, small models take the wrong one
_NEXT = 0.5  # what the next best tool of an intent counts against its best
_BEST = 100.0  # what the embedded brain itself would call goes before every guess


def chosen(reading: Reading, tools: Sequence[Tool], meaning: Meaning | None) -> tuple[Tool, ...]:
    """At most eight tools, the likeliest first; a writing tool only where a change may be asked for, and always then."""
    allowed = [tool for tool in tools if not tool.writes or reading.may_write]
    scores = _scores(reading, meaning)
    fill = list(yaml_file("tools.yaml")["always"])
    place = {name: -fill.index(name) / 1000 if name in fill else -1.0 for name in (t.name for t in allowed)}
    ranked = sorted(allowed, key=lambda t: -(scores.get(t.name, 0.0) + place[t.name]))
    writing = [t for t in ranked if t.writes]
    kept = [t for t in ranked if not t.writes][: MOST - len(writing)]
    return tuple(t for t in ranked if t in kept or t in writing)


def _scores(reading: Reading, meaning: Meaning | None) -> dict[str, float]:
    """By tool: the likeliest of the intents it answers. The meaning is asked only where the embedded brain has no call of its own."""
    found = {name: _BEST - i for i, name in enumerate(reading.studies)}
    for (intent, _), p in likelihoods(reading.sentence, None if reading.studies else meaning).items():
        for i, name in enumerate(yaml_file("tools.yaml")["intents"].get(intent.value, ())):
            found[name] = max(found.get(name, 0.0), p * _NEXT**i)
    return found
