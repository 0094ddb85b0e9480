"""One answer: the right tools, the right arguments, an acceptable status?"""

from collections.abc import Sequence
from dataclasses import dataclass

from agent.answer import Answer, Call
from evals.understanding.compare import args_fit
from evals.understanding.question import Question

WRITE = "propose_action"


@dataclass(frozen=True)
class Judged:
    """`tool`: an acceptable set of tools answered and no unasked write; `args`: those too were right, and so was the status."""

    question: Question
    answer: Answer
    tool: bool
    args: bool

    @property
    def wanted_name(self) -> str:
        return _name(self.question.tools[0])

    @property
    def found_name(self) -> str:
        if self.tool:
            return self.wanted_name
        return _name(list(dict.fromkeys(c.tool for c in self.answer.tool_calls)))


def judge(question: Question, answer: Answer) -> Judged:
    """Right when any acceptable alternative fits; a tool that a plan needed on the way is no mistake, a write that nobody asked for is."""
    fitting = [tools for tools in question.tools if _called(tools, answer.tool_calls)]
    status = not question.status or answer.status in question.status
    args = status and any(all(_args(tool, question, answer.tool_calls) for tool in tools) for tools in fitting)
    return Judged(question, answer, bool(fitting), args)


def _called(tools: Sequence[str], calls: Sequence[Call]) -> bool:
    called = [call.tool for call in calls]
    if not tools:
        return not called
    if WRITE in called and WRITE not in tools:
        return False
    return set(tools) <= set(called) and called[-1] in tools


def _args(tool: str, question: Question, calls: Sequence[Call]) -> bool:
    wanted = question.args.get(tool, {})
    return any(args_fit(tool, wanted, call.args) for call in calls if call.tool == tool)


def _name(tools: Sequence[str]) -> str:
    return " + ".join(tools) or "no tool"
