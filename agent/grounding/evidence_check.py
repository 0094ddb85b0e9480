"""Does the evidence of an answer hold? Used by tests and evals on the contract's JSON."""

from collections.abc import Mapping

from pydantic import JsonValue

from agent.answer import Answer, Evidence
from agent.grounding.formats import COUNT, Unit, agrees, convert, unit_named
from agent.grounding.numerals import Reading, find_numerals
from agent.grounding.paths import number_at, unit_at


def check_evidence(answer_json: Mapping[str, JsonValue]) -> list[str]:
    """One sentence for each evidence whose text, value, unit and path do not belong together; empty when all hold."""
    answer = Answer.model_validate(answer_json)
    return [fault for proof in answer.evidence if (fault := _fault(proof, answer))]


def _fault(proof: Evidence, answer: Answer) -> str | None:
    readings = _readings(proof.text)
    fitting = [r for r in readings if abs(r.value - proof.value) <= 1e-12 * max(1.0, abs(r.value))]
    if proof.text not in answer.answer:
        return f"'{proof.text}' does not occur in the answer."
    if not fitting:
        return f"'{proof.text}' is not the number {proof.value}."
    if proof.tool_call == "question":
        return _not_asked(proof, fitting, answer.question)
    return _not_in_result(proof, fitting, answer)


def _not_asked(proof: Evidence, fitting: list[Reading], question: str) -> str | None:
    unit = unit_named(proof.unit)
    for said in find_numerals(question, in_words=True):
        for reading in said.readings:
            value = convert(reading.value, said.unit, unit) if said.unit and unit else reading.value
            if value is not None and any(agrees(value, r.value, r.decimals) for r in fitting):
                return None
    return f"'{proof.text}' is not in the question."


def _not_in_result(proof: Evidence, fitting: list[Reading], answer: Answer) -> str | None:
    call = next((c for c in (*answer.tool_calls, *answer.earlier_calls) if c.id == proof.tool_call), None)
    if call is None:
        return f"'{proof.text}' points to {proof.tool_call}, which is no call of this answer."
    value = number_at(proof.path, call.result)
    if value is None:
        return f"'{proof.text}': {proof.tool_call} has no number at {proof.path}."
    converted = convert(value, unit_at(proof.path, call.result), _unit(proof.unit))
    if converted is None or not any(agrees(converted, r.value, r.decimals) for r in fitting):
        return f"'{proof.text}' is not {value} at {proof.tool_call} {proof.path} in {proof.unit or 'no unit'}, rounded."
    return None


def _unit(name: str) -> Unit:
    return unit_named(name) or COUNT


def _readings(text: str) -> list[Reading]:
    return [reading for numeral in find_numerals(text, in_words=True) for reading in numeral.readings]
