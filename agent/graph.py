"""One turn of the conversation: understand → tools → understand → ... → ground → answer.

A hand-built graph. The side effects of a turn are in the tools node alone, each tool call runs once, and nothing interrupts:
proposals live in the ledger, outside the conversation.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, TypedDict

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolMessage
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.message import add_messages
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime
from pydantic import JsonValue

from agent.actions import ActionContext
from agent.answer import Call, ProposalRef, Status
from agent.based_on import based_on
from agent.citations import citations
from agent.grounding import ground
from agent.toolbox import run_tool
from grid_models.errors import AeipError, AmbiguousElement, PowerFlowDiverged, StudyCancelled, UnknownElement
from guardrails.errors import InvalidRule
from tools.context import StudyContext

MAX_ROUNDS = 12  # tool rounds in one turn; a brain that wants more goes in circles
Event = dict[str, JsonValue]


class Conversation(TypedDict):
    """What the checkpointer keeps. `calls`, `problems` and `answer` belong to the present turn."""

    messages: Annotated[list[AnyMessage], add_messages]
    grid: str
    calls: list[dict[str, Any]]
    problems: list[dict[str, Any]]
    answer: dict[str, Any]


@dataclass(frozen=True)
class Turn:
    """What a turn needs and no checkpoint stores."""

    brain: BaseChatModel
    study: StudyContext
    action: ActionContext
    names: Sequence[str]
    look_back: int
    on_event: Callable[[Event], None] = field(default=lambda event: None)


Graph = CompiledStateGraph[Conversation, Turn, Conversation, Conversation]


def build_graph(checkpointer: "BaseCheckpointSaver[str] | None" = None) -> Graph:
    """The compiled graph; `Turn` is passed as the run's context."""
    graph = StateGraph(Conversation, context_schema=Turn)
    graph.add_node("understand", _understand)
    graph.add_node("tools", _tools)
    graph.add_node("ground", _ground)
    graph.add_edge(START, "understand")
    graph.add_conditional_edges("understand", _next, ["tools", "ground"])
    graph.add_edge("tools", "understand")
    graph.add_edge("ground", END)
    return graph.compile(checkpointer=checkpointer)


def first_state(question: str, grid: str) -> Conversation:
    """The input of a turn."""
    return {"messages": [HumanMessage(question, additional_kwargs={"grid": grid})], "grid": grid, "calls": [], "problems": [], "answer": {}}


def _understand(state: Conversation, runtime: Runtime[Turn]) -> dict[str, Any]:
    reply = runtime.context.brain.invoke(_recent(state["messages"], runtime.context.look_back))
    return {"messages": [reply]}


def _recent(messages: Sequence[AnyMessage], look_back: int) -> list[AnyMessage]:
    """The last messages, beginning with a person's; those about another grid are forgotten: 'it' was an element of that one."""
    start = max(len(messages) - look_back, 0)
    while start > 0 and not isinstance(messages[start], HumanMessage):
        start -= 1
    asked = [i for i in range(start, len(messages)) if isinstance(messages[i], HumanMessage)]
    grids = [messages[i].additional_kwargs.get("grid") for i in asked]
    same = next((k for k in range(len(asked) - 1, -1, -1) if grids[k] != grids[-1]), -1) + 1
    kept, before = list(messages[asked[same] :]), [m for m in messages[: asked[same]] if isinstance(m, AIMessage)]
    if same and before:  # what was asked there may be asked here, too: 'same on case39'
        told = before[-1].additional_kwargs.get("aeip")
        kept[0] = HumanMessage(kept[0].content, additional_kwargs={**kept[0].additional_kwargs, "before": told})
    return kept


def _next(state: Conversation) -> str:
    last = state["messages"][-1]
    rounds = sum(isinstance(m, AIMessage) and bool(m.tool_calls) for m in _turn_messages(state))
    return "tools" if isinstance(last, AIMessage) and last.tool_calls and rounds <= MAX_ROUNDS else "ground"


def _turn_messages(state: Conversation) -> list[AnyMessage]:
    messages = state["messages"]
    start = max(i for i, m in enumerate(messages) if isinstance(m, HumanMessage))
    return messages[start:]


def _tools(state: Conversation, runtime: Runtime[Turn]) -> dict[str, Any]:
    """Run the requested calls in order, each once."""
    turn, request = runtime.context, state["messages"][-1]
    assert isinstance(request, AIMessage)
    messages: list[AnyMessage] = []
    calls, problems = list(state["calls"]), list(state["problems"])
    for wanted in request.tool_calls:
        call_id = f"E{len(calls) + 1}"
        turn.on_event({"type": "tool_start", "id": call_id, "tool": wanted["name"], "args": wanted["args"]})
        basis = based_on(turn.action.basis, str(_turn_messages(state)[0].content), calls)
        call, error = run_tool(call_id, wanted["name"], wanted["args"], turn.study, replace(turn.action, basis=basis))
        headline = call.error or call.result.get("headline") or ""
        turn.on_event(
            {"type": "tool_end", "id": call_id, "tool": call.tool, "ok": call.ok, "elapsed_ms": call.elapsed_ms, "headline": headline}
        )
        calls.append(call.model_dump(mode="json"))
        if error is not None:
            problems.append(_problem(error))
        content = call.error or call.model_dump_json(include={"result"})
        messages.append(ToolMessage(content, tool_call_id=wanted["id"] or call_id, name=call.tool, artifact=calls[-1]))
    return {"messages": messages, "calls": calls, "problems": problems}


def _problem(error: AeipError) -> dict[str, Any]:
    """What an error means for the status of the answer."""
    if isinstance(error, AmbiguousElement):
        return {"status": Status.NEEDS_CLARIFICATION.value, "text": str(error), "candidates": list(error.candidates)}
    if isinstance(error, PowerFlowDiverged):  # that a state has no solution is what the study found
        return {"status": Status.ANSWERED.value, "text": str(error), "candidates": []}
    candidates = list(error.nearest) if isinstance(error, UnknownElement) else []
    failed = type(error) is AeipError or isinstance(error, StudyCancelled | InvalidRule)
    return {"status": (Status.FAILED if failed else Status.REFUSED).value, "text": str(error), "candidates": candidates}


def _ground(state: Conversation, runtime: Runtime[Turn]) -> dict[str, Any]:
    """Link every number to its evidence; a sentence with an unsupported number never reaches a person as fact."""
    last = _turn_messages(state)[-1]
    told = last.additional_kwargs.get("aeip", {}) if isinstance(last, AIMessage) else {}
    question = str(_turn_messages(state)[0].content)
    made = state["calls"]
    if told.get("recalled"):
        earlier, made = _recalled(state["messages"])
        question = f"{earlier}\n{question}"
    calls = [Call.model_validate(c) for c in made]
    text = str(last.content) or _headlines(calls)
    grounded = ground(text, calls, question, runtime.context.names)
    unsupported = grounded.unsupported_numbers
    if unsupported:
        grounded = ground(_headlines(calls), calls, question, runtime.context.names)
    problems = state["problems"]
    worst = problems[-1] if problems else None
    answer = {
        "status": _status(told, worst, calls),
        "answer": grounded.answer,
        "tool_calls": made,
        "evidence": [e.model_dump() for e in grounded.evidence],
        "unsupported_numbers": list(unsupported),
        "candidates": list(told.get("candidates", ())) or (worst or {}).get("candidates", []),
        "citations": [citation.model_dump() for citation in citations(calls)],
        "proposals": [ref.model_dump() for ref in _proposals(calls)],
    }
    return {"answer": answer}


def _recalled(messages: Sequence[AnyMessage]) -> tuple[str, list[dict[str, Any]]]:
    """Question and calls of the last turn that ran any: the evidence of an answer told again. Nothing ran for it, so it took no time."""
    at = max(i for i, m in enumerate(messages) if isinstance(m, ToolMessage))
    start = max(i for i, m in enumerate(messages[:at]) if isinstance(m, HumanMessage))
    made = [{**m.artifact, "elapsed_ms": 0.0} for m in messages[start : at + 1] if isinstance(m, ToolMessage)]
    return str(messages[start].content), made


def _headlines(calls: Sequence[Call]) -> str:
    """The results' own sentences: what is shown instead of a text that cannot be supported."""
    said = [str(c.result.get("headline") or c.error or "; ".join(map(str, _list(c.result.get("reasons"))))) for c in calls]
    return "\n\n".join(s for s in said if s) or "There is no result to support an answer; please ask in other words."


def _list(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else []


def _status(told: dict[str, Any], problem: dict[str, Any] | None, calls: Sequence[Call]) -> str:
    proposed = [c.result.get("status") for c in calls if c.tool == "propose_action" and c.ok]
    if "pending" in proposed:
        return Status.AWAITING_APPROVAL.value
    if "blocked" in proposed:
        return Status.REFUSED.value
    if problem is not None:
        return str(problem["status"])
    return Status(told.get("status", Status.ANSWERED)).value  # plain text: a checkpoint holds no types of ours


def _proposals(calls: Sequence[Call]) -> list[ProposalRef]:
    return [
        ProposalRef.model_validate({k: c.result[k] for k in ("id", "status", "verdict")})
        for c in calls
        if c.tool == "propose_action" and c.ok
    ]
