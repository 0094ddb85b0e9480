"""Which tools may this question need? Ranked by the embedded understanding, so that a small model chooses among few."""

from collections.abc import Mapping, Sequence

from agent.brains.embedded.intents import Similar, evidence, masked
from agent.brains.ollama.data_file import yaml_file
from agent.brains.ollama.reading import Reading
from agent.brains.ollama.tool import Tool

MOST = 8  # with more, small models take the wrong one
_SIMILAR_WEIGHT, _SIMILAR_FLOOR = 4.0, 0.3  # as agent/brains/embedded/data/intents.yaml weighs them against evidence
_BEST = 100.0  # what the embedded brain itself would call goes before every guess


def chosen(reading: Reading, tools: Sequence[Tool], similar: Similar | None) -> tuple[Tool, ...]:
    """At most eight tools, the likeliest first; a writing tool only where a change may be asked for, and always then."""
    allowed = [tool for tool in tools if not tool.writes or reading.may_write]
    scores = _scores(reading, similar)
    fill = list(yaml_file("tools.yaml")["always"])
    place = {name: -fill.index(name) / 1000 if name in fill else -1.0 for name in (t.name for t in allowed)}
    ranked = sorted(allowed, key=lambda t: -(scores.get(t.name, 0.0) + place[t.name]))
    writing = [t for t in ranked if t.writes]
    kept = [t for t in ranked if not t.writes][: MOST - len(writing)]
    return tuple(t for t in ranked if t in kept or t in writing)


def _scores(reading: Reading, similar: Similar | None) -> dict[str, float]:
    """By tool: the best evidence of the intents it answers. Similarity is asked only where the embedded brain has no call of its own."""
    found = {name: _BEST - i for i, name in enumerate(reading.studies)}
    alike = similar(masked(reading.sentence)) if similar and not reading.studies else {}
    for intent, score in _by_intent(reading, alike).items():
        for i, name in enumerate(yaml_file("tools.yaml")["intents"].get(intent, ())):
            found[name] = max(found.get(name, 0.0), score - 0.1 * i)
    return found


def _by_intent(reading: Reading, alike: Mapping[str, float]) -> dict[str, float]:
    scores = {intent.value: score for intent, score in evidence(reading.sentence).items()}
    for name, cosine in alike.items():
        intent = name.partition(":")[0]
        scores[intent] = scores.get(intent, 0.0) + _SIMILAR_WEIGHT * max(cosine - _SIMILAR_FLOOR, 0.0)
    return scores
