"""One question in the chat: the tools as steps while they run, then the answer with its pictures, cards and passages."""

# mypy: untyped-calls-exclude="chainlit"

import asyncio
import json
import logging
import threading
import time
from collections.abc import Sequence
from typing import cast

import chainlit as cl
import plotly.graph_objects as go
from chainlit.context import context
from chainlit.utils import utc_now
from pydantic import JsonValue

from agent.answer import Answer, Call
from agent.rendering.harmless import harmless
from agent.rendering.passages import read_passages
from agent.rendering.pictures import pictures
from agent.web.core import Core, Event
from guardrails.people import Person

log = logging.getLogger(__name__)

_REDRAW_S = 0.2  # progress is drawn five times a second, however fast the cases are
_RESULT_SHOWN = 6000  # characters of a result in the conversation; `aeip study ... --json` gives all of it
_CARDS_SHOWN = 5
_SEE_THROUGH = {  # the page's theme shows through; chat.css colours the writing
    "template": "none",
    "paper_bgcolor": "rgba(0,0,0,0)",
    "plot_bgcolor": "rgba(0,0,0,0)",
    "modebar": {"bgcolor": "rgba(0,0,0,0)", "color": "#7d8b99", "activecolor": "#2f86d6"},
}


async def answer_in_chat(core: Core, question: str, person: Person) -> None:
    """Ask, show the tools at work, and answer. The conversation's number is the thread's."""
    steps = Steps()
    answer = await _ask(core, question, person, steps)
    await steps.complete(answer.tool_calls)
    figures = await asyncio.to_thread(_figures, core, answer)
    cards = [cl.CustomElement(name="ProposalCard", props={"id": p.id}, display="inline") for p in answer.proposals[:_CARDS_SHOWN]]
    plots = [cl.Plotly(name=title, figure=figure, display="inline") for title, figure in figures]
    passages = [cl.Text(name=p.name, content=p.markdown, display="side") for p in read_passages(answer.tool_calls)]
    actions = [cl.Action(name="choose", payload={"text": name}, label=name) for name in answer.candidates]
    await cl.Message(content=answer.answer, elements=[*cards, *plots, *passages], actions=actions).send()
    if passages:  # by itself the panel would go on with the passages of earlier answers, under the name of the last
        await cl.ElementSidebar.set_title("Quoted here")
        await cl.ElementSidebar.set_elements(list(passages), key=str(passages[0].id))


async def _ask(core: Core, question: str, person: Person, steps: "Steps") -> Answer:
    """In a thread; its events come back through the loop in order, the end last. The page's stop button cancels the study, too."""
    loop = asyncio.get_running_loop()
    events: asyncio.Queue[Event | None] = asyncio.Queue()
    stopped = threading.Event()

    def on_event(event: Event) -> None:
        loop.call_soon_threadsafe(events.put_nowait, event)

    session = context.session.thread_id
    asked = asyncio.to_thread(core.ask, question, session=session, person=person, on_event=on_event, cancelled=stopped.is_set)
    task = asyncio.create_task(asked)
    task.add_done_callback(lambda _: events.put_nowait(None))
    try:
        while (event := await events.get()) is not None:
            await steps.show(event)
        return await task
    except asyncio.CancelledError:
        stopped.set()
        raise


class Steps:
    """The tool steps of one turn, by the call's number."""

    def __init__(self) -> None:
        self._steps: dict[str, cl.Step] = {}
        self._running: cl.Step | None = None
        self._drawn = 0.0
        self._model: cl.Step | None = None

    async def show(self, event: Event) -> None:
        """One event of the running turn; unknown ones are none of the chat's business."""
        match event.get("type"):
            case "tool_start":
                await self._start(str(event["id"]), str(event["tool"]), event.get("args"))
            case "progress":
                await self._progress(event.get("done"), event.get("total"))
            case "writing":
                await self._writing(str(event["model"]), event.get("characters"))
            case "tool_end":
                await self._end(str(event["id"]), str(event.get("headline") or ""), ok=bool(event.get("ok", True)))

    async def complete(self, calls: Sequence[Call]) -> None:
        """The results, once the answer has them."""
        for call in calls:
            step = self._steps.get(call.id)
            if step is not None and call.ok:
                step.output = f"{step.output}\n\n{call.id}, {call.elapsed_ms:.0f} ms\n\n```json\n{_shortened(call.result)}\n```"
                await step.update()

    async def _start(self, call_id: str, tool: str, args: JsonValue) -> None:
        step = cl.Step(name=tool, type="tool", show_input="json", parent_id=_run_id())
        step.input = json.dumps(args or {}, ensure_ascii=False, indent=1)
        step.start = utc_now()
        self._steps[call_id] = self._running = step
        await step.send()

    async def _progress(self, done: JsonValue, total: JsonValue) -> None:
        """Straight to the browser: a progress line is not worth a row in the history."""
        if self._running is None or (time.monotonic() - self._drawn < _REDRAW_S and done != total):
            return
        self._drawn = time.monotonic()
        drawn = self._running.to_dict()
        drawn["name"] = f"{self._running.name}: {done} of {total}"
        await context.emitter.update_step(drawn)

    async def _writing(self, model: str, characters: JsonValue) -> None:
        """How much a language model has written so far; never what, because nothing of it has been held against the results yet."""
        if self._model is None:
            self._model = cl.Step(name=model, type="tool", parent_id=_run_id())  # other types are not shown
            await self._model.send()
        drawn = self._model.to_dict()
        drawn["name"] = f"{model}: {characters} characters written"
        await context.emitter.update_step(drawn)

    async def _end(self, call_id: str, headline: str, *, ok: bool) -> None:
        step = self._steps.get(call_id)
        if step is None:
            return
        step.end, step.is_error, step.output = utc_now(), not ok, harmless(headline)
        self._running = None
        await step.update()


def _run_id() -> str | None:
    """The step that Chainlit opened for the message."""
    run = cl.context.current_run
    return None if run is None else cast(str, run.id)


def _shortened(result: dict[str, JsonValue]) -> str:
    text = json.dumps(result, ensure_ascii=False, indent=1)
    return text if len(text) <= _RESULT_SHOWN else f"{text[:_RESULT_SHOWN]}\n… {len(text) - _RESULT_SHOWN} more characters"


def _figures(core: Core, answer: Answer) -> list[tuple[str, object]]:
    """Plotly figures by title; chat.js reads the words out of `meta`. A picture that fails never costs the answer."""
    try:
        drawn = pictures(answer.tool_calls, places=lambda: core.map_of(answer.grid))
        return [(p.title, go.Figure(p.figure).update_layout(_SEE_THROUGH, meta={"alt": p.alt})) for p in drawn]
    except Exception:
        log.exception("the pictures of an answer failed")
        return []
