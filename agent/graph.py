"""One turn of the conversation: understand → tools → understand → ... → ground (→ rewrite → ground) → answer.

A hand-built graph. The side effects of a turn are in the tools node alone, each tool call runs once, and nothing interrupts:
proposals live in the ledger, outside the conversation.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
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
from agent.answer import Call, DoubtKind, ProposalRef, Status
from agent.based_on import based_on
from agent.brains.author import author_of
from agent.brains.own_words import Objection
from agent.citations import citations
from agent.conversation import FACTS, last_calls, next_id, turn_messages
from agent.grounded_turn import Spoken, as_shown, say_again
from agent.toolbox import WRITING, run_tool
from grid_models.errors import AeipError, AmbiguousElement, PowerFlowDiverged, StudyCancelled, UnknownElement
from guardrails.errors import InvalidRule
from tools.context import StudyContext

MAX_ROUNDS = 12  # tool rounds of one brain in one turn; a brain that wants more goes in circles
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
    may_propose: Objection  # whatever the brain wants: why the person's own words do not ask for it
    on_event: Callable[[Event], None] = field(default=lambda event: None)


Graph = CompiledStateGraph[Conversation, Turn, Conversation, Conversation]


def build_graph(checkpointer: "BaseCheckpointSaver[str] | None" = None) -> Graph:
    """The compiled graph; `Turn` is passed as the run's context."""
    graph = StateGraph(Conversation, context_schema=Turn)
    graph.add_node("understand", _understand)
    graph.add_node("tools", _tools)
    graph.add_node("ground", _ground)
    graph.add_node("rewrite", _rewrite)
    graph.add_edge(START, "understand")
    graph.add_conditional_edges("understand", _next, ["tools", "ground"])
    graph.add_edge("tools", "understand")
    graph.add_conditional_edges("ground", lambda state: END if state["answer"] else "rewrite", ["rewrite", END])
    graph.add_edge("rewrite", "ground")
    return graph.compile(checkpointer=checkpointer)


def first_state(question: str, grid: str, person: str = "") -> Conversation:
    """The input of a turn. What it finds out belongs to the person who asks."""
    asked = HumanMessage(question, additional_kwargs={"grid": grid, "person": person})
    return {"messages": [asked], "grid": grid, "calls": [], "problems": [], "answer": {}}


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
    asked = [m for m in _turn_messages(state) if isinstance(m, AIMessage) and m.tool_calls]
    rounds = sum(_name(m) == _name(last) for m in asked)  # a brain that steps in for another has its own
    return "tools" if isinstance(last, AIMessage) and last.tool_calls and rounds <= MAX_ROUNDS else "ground"


def _name(message: AnyMessage) -> str | None:
    author = author_of(message)
    return author.name if author else None


def _turn_messages(state: Conversation) -> list[AnyMessage]:
    return turn_messages(state["messages"])


def _tools(state: Conversation, runtime: Runtime[Turn]) -> dict[str, Any]:
    """Run the requested calls in order, each once. A study's problem counts no more once the brain has gone on; an order's does."""
    turn, request = runtime.context, state["messages"][-1]
    assert isinstance(request, AIMessage)
    messages: list[AnyMessage] = []
    calls, problems = list(state["calls"]), [p for p in state["problems"] if p["tool"] in WRITING]
    asked, brain = _recent(state["messages"], turn.look_back), _name(request) or turn.action.basis.brain
    for wanted in request.tool_calls:
        call_id = next_id(state["messages"], len(calls))
        turn.on_event({"type": "tool_start", "id": call_id, "tool": wanted["name"], "args": wanted["args"]})
        basis = based_on(turn.action.basis.model_copy(update={"brain": brain}), str(_turn_messages(state)[0].content), calls)
        action = replace(turn.action, basis=basis, objection=partial(turn.may_propose, asked))
        call, error = run_tool(call_id, wanted["name"], wanted["args"], turn.study, action)
        headline = call.error or call.result.get("headline") or ""
        turn.on_event(
            {"type": "tool_end", "id": call_id, "tool": call.tool, "ok": call.ok, "elapsed_ms": call.elapsed_ms, "headline": headline}
        )
        calls.append(call.model_dump(mode="json"))
        if error is not None:
            problems.append({**_problem(error), "tool": call.tool})
        content, of = call.error or call.model_dump_json(include={"result"}), _of(turn.study)
        told = ToolMessage(content, tool_call_id=wanted["id"] or call_id, name=call.tool, artifact=calls[-1], additional_kwargs=of)
        messages.append(told)
    return {"messages": messages, "calls": calls, "problems": problems}


def _of(study: StudyContext) -> dict[str, Any]:
    """On which state a call was made, beside its result."""
    state = study.state
    return {FACTS: {"state_id": state.state_id, "plant_time": state.plant_time.isoformat(), "source": study.source}}


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
    """Link every number to its evidence; a sentence with an unsupported one never reaches a person as fact. No answer yet: say it again."""
    turn = _spoken(state, runtime)
    if turn.wants_rewriting:
        return {"answer": {}}
    told, of_brain, problems = turn.told(), turn.of_brain, state["problems"]
    worst = problems[-1] if problems else None
    answer = {
        "status": _status(of_brain, worst, turn.calls),
        "answer": told.text,
        "tool_calls": [call.model_dump(mode="json") for call in turn.calls],
        "evidence": [e.model_dump() for e in told.grounded.evidence],
        "unsupported_numbers": [u.text for u in told.unsupported if u.kind is DoubtKind.NUMBER],
        "unsupported": [u.model_dump(mode="json") for u in told.unsupported],
        "rewritten": told.rewritten,
        "earlier_calls": [call.model_dump(mode="json") for call in told.earlier],
        "candidates": list(of_brain.get("candidates", ())) or (worst or {}).get("candidates", []),
        "citations": [citation.model_dump() for citation in citations(turn.calls)],
        "proposals": [ref.model_dump() for ref in _proposals(turn.calls)],
    }
    return {"answer": answer, "messages": as_shown(turn, told)}


def _rewrite(state: Conversation, runtime: Runtime[Turn]) -> dict[str, Any]:
    """The model says its last text again; this happens once a turn."""
    shown = _recent(state["messages"], runtime.context.look_back)
    return {"messages": [say_again(_spoken(state, runtime), runtime.context.brain, shown)]}


def _spoken(state: Conversation, runtime: Runtime[Turn]) -> Spoken:
    """The turn; one that tells the last answer again stands on that one's calls."""
    turn, messages = runtime.context, state["messages"]
    recalled = messages[-1].additional_kwargs.get("aeip", {}).get("recalled")
    calls = last_calls(messages) if recalled else [Call.model_validate(c) for c in state["calls"]]
    return Spoken(messages, calls, tuple(turn.names), turn.study.state)


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
