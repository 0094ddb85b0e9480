"""The chat's handlers on a session without a browser: what is emitted is what a person would see."""

import asyncio
import contextvars
import json
import threading
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from fastapi import FastAPI

from agent.web.live import Live
from guardrails.transitions import Status


class Screen:
    """A person's open chat: its session, and everything that was sent to it."""

    def __init__(self, name: str, thread_id: str | None = None) -> None:
        import chainlit as cl
        from chainlit.session import WebsocketSession

        self.sent: list[tuple[str, Any]] = []

        async def emit(event: str, data: Any) -> None:
            self.sent.append((event, data))

        user = cl.User(identifier=name, metadata={"role": "claimed"})
        self.session = WebsocketSession(
            id=str(uuid.uuid4()),
            socket_id=str(uuid.uuid4()),
            emit=emit,  # type: ignore[arg-type]  # Chainlit awaits it
            emit_call=emit,  # type: ignore[arg-type]
            user_env={},
            client_type="webapp",
            thread_id=thread_id,
            user=user,
        )

    async def do(self, act: Callable[[], Awaitable[object]]) -> None:
        """Run a handler as this person's session."""
        from chainlit.context import init_ws_context

        async def run() -> None:
            init_ws_context(self.session)
            await act()

        await asyncio.create_task(run(), context=contextvars.copy_context())

    async def ask(self, chat: Any, text: str) -> None:
        import chainlit as cl

        async def act() -> None:
            await chat.on_message(cl.Message(content=text, type="user_message"))

        await self.do(act)

    def texts(self) -> list[str]:
        return [data["output"] for event, data in self.sent if event == "new_message" and data["type"] == "assistant_message"]

    def of(self, event: str) -> list[Any]:
        return [data for name, data in self.sent if name == event]


@pytest.fixture
async def chat(core: Any, host: FastAPI) -> AsyncIterator[Any]:
    """The handlers, as `audible` as they are registered."""
    from chainlit.session import ws_sessions_id

    from agent.web.chat import Chat, audible

    found = Chat(core, host.state.notices, history=None)  # type: ignore[arg-type]  # the registered layer stays the host's
    for name in ("on_start", "on_resume", "on_message", "on_choice"):
        setattr(found, name, audible(getattr(found, name)))
    yield found
    ws_sessions_id.clear()


async def test_tools_are_shown_with_arguments_progress_and_result(chat: Any) -> None:
    """First the running tool, then how far it is, then what it found, then the answer."""
    screen = Screen("olga")
    await screen.ask(chat, "Which single outage hurts most?")
    steps = [d for d in screen.of("new_message") + screen.of("update_message") if d["type"] == "tool"]
    assert steps[0]["name"] == "contingency_analysis"
    assert '"top": 10' in steps[0]["input"]
    assert any(" of 101" in step["name"] for step in steps)
    assert "101 outages calculated" in steps[-1]["output"]
    assert '"secure": 86' in steps[-1]["output"]
    assert screen.texts()[-1].startswith("Losing **HV1 Line 75** hurts most")


async def test_it_is_shown_how_much_a_language_model_has_written(chat: Any, core: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line that grows; of the text itself nothing is sent before it is an answer."""
    answered = core.ask

    def writing(question: str, *, on_event: Callable[[dict[str, Any]], None], **rest: Any) -> Any:
        for characters in (40, 80):
            on_event({"type": "writing", "model": "scripted", "characters": characters})
        return answered(question, on_event=on_event, **rest)

    monkeypatch.setattr(core, "ask", writing)
    screen = Screen("olga")
    await screen.ask(chat, "Which single outage hurts most?")
    lines = [d for d in screen.of("new_message") + screen.of("update_message") if d["name"].startswith("scripted")]
    assert [line["name"] for line in lines] == ["scripted", "scripted: 40 characters written", "scripted: 80 characters written"]
    assert not any(line["output"] for line in lines)


async def test_the_stop_button_reaches_the_running_study(chat: Any, core: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Chainlit cancels the handler's task; the study in its thread learns of it and ends."""
    began, ended = threading.Event(), threading.Event()

    def long_study(question: str, *, cancelled: Callable[[], bool], **_: object) -> None:
        began.set()
        while not cancelled():
            time.sleep(0.01)
        ended.set()

    monkeypatch.setattr(core, "ask", long_study)
    running = asyncio.create_task(Screen("olga").ask(chat, "All double outages, please"))
    await asyncio.to_thread(began.wait, 5)
    running.cancel()
    assert await asyncio.to_thread(ended.wait, 5)


async def test_pictures_come_with_words_for_those_who_do_not_see_them(chat: Any) -> None:
    """A Plotly element under the answer; what it shows travels in the figure."""
    screen = Screen("olga")
    await screen.ask(chat, "Which single outage hurts most?")
    (picture,) = screen.of("element")
    assert picture["type"] == "plotly"
    figure = json.loads(next(iter(screen.session.files.values()))["path"].read_text())
    assert figure["layout"]["meta"]["alt"].startswith("Bar chart.")


async def test_a_picture_that_fails_does_not_cost_the_answer(chat: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.web.chat_turn.pictures", lambda calls, places: 1 / 0)
    screen = Screen("olga")
    await screen.ask(chat, "Which single outage hurts most?")
    assert screen.of("element") == []
    assert screen.texts()[-1].startswith("Losing **HV1 Line 75**")


async def test_a_proposal_comes_as_a_card(core: Any, chat: Any) -> None:
    """The card holds the number alone and fetches the rest as it stands then; the conversation is noted in the proposal."""
    screen = Screen("olga")
    await screen.ask(chat, "open HV1 Line 14")
    (card,) = screen.of("element")
    assert (card["type"], card["name"], card["props"]) == ("custom", "ProposalCard", {"id": 1})
    assert core.stored[1].conversation == screen.session.thread_id
    assert core.stored[1].requested_by == "olga"


async def test_candidates_are_buttons_that_ask_again(chat: Any) -> None:
    """Choosing one stands for typing it."""
    import chainlit as cl

    screen = Screen("olga")
    await screen.ask(chat, "line 1")
    actions = screen.of("action")
    assert [a["label"] for a in actions] == ["HV1 Line 1", "EHV1 Line 1"]

    async def click() -> None:
        await chat.on_choice(cl.Action(name="choose", payload=actions[0]["payload"], label="HV1 Line 1"))

    await screen.do(click)
    said = [d["output"] for d in screen.of("new_message") if d["type"] == "user_message"]
    assert said == ["HV1 Line 1"]
    assert len(screen.texts()) == 2


async def test_no_failure_is_silent(chat: Any, caplog: pytest.LogCaptureFixture) -> None:
    """One sentence with a number; the log has the traceback under the same number."""
    screen = Screen("olga")
    await screen.ask(chat, "please explode")
    (text,) = screen.texts()
    number = text.split("number ")[1].split(" ")[0]
    assert number in caplog.text
    assert "ZeroDivisionError: inside" in caplog.text
    assert "Traceback" not in text


async def test_a_session_of_nobody_is_told_so(chat: Any) -> None:
    """A person who was removed meanwhile does not act on."""
    screen = Screen("ghost")
    await screen.ask(chat, "open HV1 Line 14")
    assert "sign in again" in screen.texts()[0]


async def test_typed_words_decide_nothing(core: Any, chat: Any) -> None:
    """There is no handler that approves: neither for words nor for a forged action."""
    from chainlit.config import config

    core.propose(by="olga")
    screen = Screen("sven")
    await screen.ask(chat, "I approve proposal 1")
    assert core.stored[1].status is Status.PENDING
    assert set(config.code.action_callbacks) == {"choose"}


async def test_supervisors_are_greeted_with_what_waits(core: Any, chat: Any) -> None:
    core.propose(by="olga")
    core.propose("HV1 Line 7", by="sven")
    sven, olga = Screen("sven"), Screen("olga")
    await sven.do(chat.on_start)
    await olga.do(chat.on_start)
    assert sven.of("toast")[0]["message"] == "1 proposal waits for your decision: see Approvals"
    assert sven.of("window_message") == [{"aeip": "proposals", "waiting": 1}]
    assert olga.of("toast") == []


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0.02)


@pytest.fixture
async def telling(host: FastAPI) -> AsyncIterator[None]:
    """The host's background tasks."""
    live: Live = host.state.live
    tasks = [asyncio.create_task(live.watch()), asyncio.create_task(host.state.notices.run())]
    await until(lambda: live.version)
    yield
    live.close()
    for task in tasks:
        task.cancel()


@pytest.mark.usefixtures("telling")
async def test_a_new_proposal_reaches_those_who_may_decide(core: Any, chat: Any) -> None:
    """Live, without a question; the requester is not asked to decide."""
    sven, olga = Screen("sven"), Screen("olga")
    await sven.do(chat.on_start)
    await olga.do(chat.on_start)
    await olga.ask(chat, "open HV1 Line 14")
    await until(lambda: sven.of("toast"))
    assert sven.of("toast")[0]["message"] == "Proposal 1 waits for your decision: open HV1 Line 14"
    assert sven.of("window_message")[-1] == {"aeip": "proposals", "waiting": 1}
    assert olga.of("toast") == []


@pytest.mark.usefixtures("telling")
async def test_the_requester_is_told_the_outcome_where_they_asked(core: Any, chat: Any) -> None:
    """A message in the conversation, drawn once in each of its windows; a toast in their other conversations."""
    here = Screen("olga")
    await here.do(chat.on_start)
    await here.ask(chat, "open HV1 Line 14")
    twin, elsewhere = Screen("olga", here.session.thread_id), Screen("olga")
    sven = core.identity.person("sven")
    await asyncio.to_thread(core.decide, 1, sven, "approve", verdict_hash=core.stored[1].verdict_hash, reason="")
    await until(lambda: elsewhere.of("toast"))
    expected = "Proposal 1 (open HV1 Line 14) was executed, approved by sven. 1 of 1 steps done; the plant reads back as ordered."
    assert here.texts().count(expected) == 1
    assert twin.texts().count(expected) == 1
    stored = [args[0] for screen in (here, twin) for _, _, args, _ in screen.session.thread_queues.get("create_step", ())]
    assert [step["output"] for step in stored].count(expected) == 1
    assert elsewhere.of("toast")[-1]["message"] == expected
    assert elsewhere.texts() == []


async def test_a_resumed_conversation_catches_up_once(core: Any, chat: Any) -> None:
    """What became of a proposal while nobody looked is told, and not told twice."""
    thread = str(uuid.uuid4())
    core.put(core.propose(conversation=thread), status=Status.EXPIRED)
    first, second = Screen("olga", thread), Screen("olga", thread)

    async def resume(steps: list[dict[str, Any]]) -> None:
        await chat.on_resume({"id": thread, "steps": steps})

    await first.do(lambda: resume([]))
    assert first.texts() == ["Proposal 1 (open HV1 Line 14) expired without a decision."]
    told = [d for d in first.of("new_message") if d["type"] == "assistant_message"]
    await second.do(lambda: resume(told))
    assert second.texts() == []
