"""Does an answer keep what the scenario promises? Status, tools, values in results, candidates, names."""

from collections.abc import Iterator, Mapping, Sequence

import jmespath
from pydantic import JsonValue

from agent.answer import Answer, Call, Evidence
from evals.checks.score import Score, judged
from evals.scenario import Expected, Fact, Found


def check_answer(answer: Answer, expected: Expected) -> list[Score]:
    """One score for each thing expected."""
    said = f"{answer.status}: {_short(answer.answer)}"
    scores = [judged("status", answer.status in expected.statuses, f"expected {' or '.join(expected.statuses)}, found {said}")]
    scores += list(_tools(answer.tool_calls, expected))
    scores += [check_fact(answer, fact) for fact in expected.facts]
    for name in expected.candidates:
        scores.append(judged("candidates", name in answer.candidates, f"'{name}' among {list(answer.candidates)}"))
    for name in expected.mentions:
        scores.append(judged("mentions", name in answer.answer, f"'{name}' in: {_short(answer.answer)}"))
    return scores


def _tools(calls: Sequence[Call], expected: Expected) -> Iterator[Score]:
    ran = [call.tool for call in calls if call.ok]
    for tool in expected.tools:
        yield judged("tools", tool in ran, f"'{tool}' ran; successful calls are {ran}")
    wanted = [call.tool for call in calls]
    for tool in expected.not_tools:
        yield judged("tools", tool not in wanted, f"'{tool}' was not called; calls are {wanted}")


def check_fact(answer: Answer, fact: Fact) -> Score:
    """The value in the result, and whether the answer states it where that is asked."""
    call = next((c for c in reversed(answer.tool_calls) if c.tool == fact.tool and c.ok), None)
    if call is None:
        return judged("facts", False, f"there is no successful call of '{fact.tool}' to hold '{fact.path}'")
    score = check_found(fact.tool, call.result, fact)
    found: JsonValue = jmespath.search(fact.path, call.result)
    if not score.failed and fact.shown is not None and (stated := _stated(answer.evidence, found)) is not fact.shown:
        told = f"{fact.tool}: {fact.path} = {found!r} is {'' if stated else 'not '}stated in: {_short(answer.answer)}"
        return judged("facts", False, told)
    return score


def check_found(tool: str, result: Mapping[str, JsonValue], fact: Found) -> Score:
    """The value in a result."""
    found: JsonValue = jmespath.search(fact.path, result)
    where = f"{tool}: {fact.path} is {found!r}"
    if not same(found, fact.equals, fact.tolerance):
        return judged("facts", False, f"{where}, expected {fact.equals!r} ± {fact.tolerance:g}")
    return judged("facts", True, where)


def same(found: JsonValue, expected: JsonValue, tolerance: float) -> bool:
    """Equal; numbers within the tolerance. A number is never equal to a truth value."""
    numbers = [isinstance(v, int | float) and not isinstance(v, bool) for v in (found, expected)]
    if all(numbers):
        return abs(float(str(found)) - float(str(expected))) <= tolerance
    return type(found) is type(expected) and found == expected


def _stated(evidence: Sequence[Evidence], value: JsonValue) -> bool:
    """Some number of the answer is this value, as far as its digits go."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return any(e.tool_call != "question" and abs(e.value - value) <= _half_digit(e.text) for e in evidence)


def _half_digit(text: str) -> float:
    """Half of the last digit of a number as written: 0.05 for '10.0 MW'."""
    number = text.replace(",", "").split()[0]
    return 0.5 * 10.0 ** -len(number.partition(".")[2].rstrip("%")) + 1e-9


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= 160 else f"{plain[:160]}…"
