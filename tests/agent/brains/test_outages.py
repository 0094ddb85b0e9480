"""Outages by kind, name and change, what is planned, and several requests in one message, each beside what only looks alike."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

pytestmark = pytest.mark.slow
SENTENCES: dict[str, list[dict[str, Any]]] = yaml.safe_load((Path(__file__).parent / "outages.yaml").read_text(encoding="utf-8"))


def _fits(wanted: Any, found: Any) -> bool:
    """Names may be part of a longer one, numbers differ by rounding; of a mapping the named values count."""
    if isinstance(wanted, dict):
        return isinstance(found, dict) and all(k in found and _fits(v, found[k]) for k, v in wanted.items())
    if isinstance(wanted, list):
        return isinstance(found, list) and len(wanted) == len(found) and all(map(_fits, wanted, found))
    return wanted in found if isinstance(wanted, str) and isinstance(found, str) else bool(wanted == pytest.approx(found))


@pytest.mark.parametrize("topic", ["kinds", "named", "planned", "changes"])
def test_each_sentence_is_one_study(converse: Callable[..., Any], grids: dict[str, Any], topic: str) -> None:
    """Its last call is the study wanted, with these arguments; `null`: nothing runs."""
    missed = []
    for row in SENTENCES[topic]:
        grid = row.get("grid", "hv")
        talk = converse(grid, areas=grids[grid].model.buses.areas)
        talk.ask(row["q"])
        found = (talk.last.tool, dict(talk.last.args)) if talk.calls else (None, {})
        if found[0] != row["tool"] or not _fits(row.get("args", {}), found[1]):
            missed.append((row["q"], found))
    assert not missed


def test_several_requests_are_answered_in_their_order(converse: Callable[..., Any]) -> None:
    """All of them, and what is one request stays one."""
    missed = []
    for row in SENTENCES["plans"]:
        talk = converse(row.get("grid", "hv"))
        talk.ask(row["q"])
        if [c.tool for c in talk.calls] != row["tools"]:
            missed.append((row["q"], [(c.tool, c.args) for c in talk.calls]))
    assert not missed
