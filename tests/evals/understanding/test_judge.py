"""When is an answer the wanted one?"""

from agent.answer import Answer, Status
from evals.understanding.judge import judge
from evals.understanding.question import Question


def question(*tools: tuple[str, ...], **fields: object) -> Question:
    return Question.model_validate({"id": "x-1", "question": "?", "tools": tools, **fields})


def answer(*calls: str, status: Status = Status.ANSWERED, **args: object) -> Answer:
    return Answer.model_validate(
        {
            "question": "?",
            "status": status,
            "answer": "",
            "tool_calls": [{"id": f"E{i}", "tool": t, "args": args} for i, t in enumerate(calls)],
        }
    )


def test_any_alternative_will_do() -> None:
    assert judge(question(("power_flow",), ("grid_data",)), answer("grid_data")).tool


def test_a_tool_on_the_way_is_no_mistake_but_the_last_one_must_be_wanted() -> None:
    assert judge(question(("contingency_analysis",)), answer("power_flow", "contingency_analysis")).tool
    assert not judge(question(("contingency_analysis",)), answer("contingency_analysis", "power_flow")).tool


def test_an_unasked_write_is_a_mistake() -> None:
    assert not judge(question(("power_flow",)), answer("propose_action", "power_flow")).tool


def test_no_tool_means_none() -> None:
    assert judge(question(()), answer()).tool
    assert not judge(question(()), answer("power_flow")).tool


def test_status_and_arguments_count_together() -> None:
    asked = question(("power_flow",), args={"power_flow": {"top": 3}}, status=["answered"])
    assert judge(asked, answer("power_flow", top=3)).args
    assert not judge(asked, answer("power_flow", top=4)).args
    assert not judge(asked, answer("power_flow", top=3, status=Status.REFUSED)).args


def test_arguments_of_a_wrong_tool_are_not_right() -> None:
    assert not judge(question(("power_flow",)), answer("grid_data")).args
