"""How often is the right tool called with the right arguments? Two halves of one file: tuned on, and only counted.

A question belongs to the half that was only counted ("held") when the SHA-256 of its text is odd.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

pytestmark = pytest.mark.slow
HERE = Path(__file__).parent
Question = dict[str, Any]


def questions(name: str) -> list[Question]:
    return list(yaml.safe_load((HERE / name).read_text(encoding="utf-8")))


def is_held(question: Question) -> bool:
    return int(hashlib.sha256(question["q"].encode()).hexdigest(), 16) % 2 == 1


def fits(wanted: Any, found: Any) -> bool:
    """`wanted` is part of `found`; words may be part of a longer text, numbers differ by rounding."""
    if isinstance(wanted, dict):
        return isinstance(found, dict) and all(k in found and fits(v, found[k]) for k, v in wanted.items())
    if isinstance(wanted, list):
        return isinstance(found, list) and len(wanted) == len(found) and all(map(fits, wanted, found))
    if isinstance(wanted, str):
        return isinstance(found, str) and (wanted == found or (len(wanted) > 3 and wanted in found))
    return bool(wanted == pytest.approx(found)) if isinstance(found, int | float) else False


def judged(question: Question, converse: Callable[..., Any]) -> tuple[bool, bool]:
    """(right tool, right arguments and status)."""
    talk = converse(question.get("grid", "hv"))
    talk.ask(question["q"])
    wanted = question["tool"] if isinstance(question["tool"], list) else [question["tool"]]
    tool = (talk.last.tool if talk.calls else None) in wanted
    args = "args" not in question or any(fits(question["args"], dict(c.args)) for c in talk.calls)
    return tool, tool and args and ("status" not in question or talk.told["status"] in question["status"])


def judged_exactly(question: Question, converse: Callable[..., Any]) -> tuple[bool, bool]:
    """The same, where such a study must be called with these arguments and no others."""
    tool, args = judged(question, converse)
    if question["tool"] not in ("thermal_rul", "cascade", "frequency_response") or not tool:
        return tool, args
    talk = converse(question.get("grid", "hv"))
    talk.ask(question["q"])
    return tool, any(fits(question["args"], dict(c.args)) and set(c.args) == set(question["args"]) for c in talk.calls)


def share(asked: list[Question], converse: Callable[..., Any]) -> tuple[float, float]:
    found = [judged(q, converse) for q in asked]
    return sum(t for t, _ in found) / len(found), sum(a for _, a in found) / len(found)


@pytest.mark.parametrize(("name", "held"), [("tuned", False), ("held out", True)])
def test_questions(converse: Callable[..., Any], name: str, held: bool) -> None:
    """At least 97 % right tools and 92 % right arguments, in both halves."""
    tool, args = share([q for q in questions("questions.yaml") if is_held(q) is held], converse)
    assert tool >= 0.97, f"{name}: {tool:.1%} right tools"
    assert args >= 0.92, f"{name}: {args:.1%} right arguments"


@pytest.mark.parametrize(("held", "tools", "arguments"), [(False, 0.96, 0.92), (True, 0.90, 0.88)])
def test_questions_for_the_newer_studies(converse: Callable[..., Any], held: bool, tools: float, arguments: float) -> None:
    """Connections, causes, deeper outages, other methods: first counted at 91.7 % and 90.0 % in the half that was never tuned on."""
    tool, args = share([q for q in questions("studies.yaml") if is_held(q) is held], converse)
    assert tool >= tools, f"{tool:.1%} right tools"
    assert args >= arguments, f"{args:.1%} right arguments"


@pytest.mark.parametrize("held", [False, True])
def test_questions_on_the_live_grid(converse: Callable[..., Any], held: bool) -> None:
    """Measurements, history and alarms: first counted at 92.7 % and, a second batch, 81.0 % right tools; what was mended stays mended."""
    tool, args = share([q for q in questions("live.yaml") if is_held(q) is held], converse)
    assert tool >= 0.95, f"{tool:.1%} right tools"
    assert args >= 0.95, f"{args:.1%} right arguments"


def test_questions_about_heat_and_life_of_transformers(converse: Callable[..., Any]) -> None:
    """All arguments right, none added: three batches first counted at 93.3, 80.0 and 100 % right tools; what was mended stays mended."""
    found = [judged_exactly(q, converse) for q in questions("thermal.yaml")]
    assert sum(t for t, _ in found) / len(found) >= 0.97
    assert sum(a for _, a in found) / len(found) >= 0.97


def test_questions_about_cascades_and_frequency(converse: Callable[..., Any]) -> None:
    """All arguments right, none added: two batches first counted at 92.2 and 86.7 % right tools; what was mended stays mended."""
    found = [judged_exactly(q, converse) for q in questions("disturbances.yaml")]
    assert sum(t for t, _ in found) / len(found) >= 0.97
    assert sum(a for _, a in found) / len(found) >= 0.97


def test_every_argument_of_the_studies(converse: Callable[..., Any]) -> None:
    """Each value of each argument is reached by several sentences in different words, with nothing else beside it."""
    for row in questions("arguments.yaml"):
        for said in row["say"]:
            talk = converse(row.get("grid", "hv"))
            talk.ask(said)
            wanted = row["tool"] if isinstance(row["tool"], list) else [row["tool"]]
            assert (talk.last.tool if talk.calls else None) in wanted, said
            found = dict(talk.last.args) if talk.calls else {}
            assert not talk.calls or "args" not in row or (fits(row["args"], found) and set(found) <= set(row["args"])), f"{said}: {found}"


def test_practice(converse: Callable[..., Any]) -> None:
    """What was learnt stays learnt."""
    tool, args = share(questions("practice.yaml"), converse)
    assert tool >= 0.98
    assert args >= 0.97


def test_changes_in_many_wordings(converse: Callable[..., Any]) -> None:
    """Orders, studies of changes and what is none: the author's own sentences, by kind of action, mood and amount."""
    tool, args = share(questions("orders.yaml"), converse)
    assert tool >= 0.97
    assert args >= 0.95


def test_references_to_elements(converse: Callable[..., Any]) -> None:
    """Elements by their ends, place, number, kind or twin; and numbers that are none."""
    tool, args = share(questions("references.yaml"), converse)
    assert tool >= 0.98
    assert args >= 0.97


def test_readings_and_what_is_alike(converse: Callable[..., Any]) -> None:
    """Tables, bounds, bands, connections, times and the queue, each beside a sentence that means something else."""
    missed = [q["q"] for q in questions("readings.yaml") if judged(q, converse) != (True, True)]
    assert not missed
