"""The only wiring: settings in, a working assistant out. Faces (CLI, web) call this and nothing below it."""

import logging
import sqlite3
import threading
import time
import uuid
from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from importlib.metadata import version

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.sqlite import SqliteSaver

from agent.actions import ActionContext
from agent.answer import Answer, Status
from agent.app.approvals import Approvals
from agent.app.brain import brain_of, who_answered
from agent.app.conversations import StoredCall, evidence, stored_calls
from agent.app.knowledge import library
from agent.app.storage import utc_now
from agent.app.watch import Watch, nobody
from agent.brains import OwnWords, grid_said, meaning
from agent.conversation import EvidenceNotFound
from agent.graph import Event, Graph, Turn, build_graph, first_state
from agent.rendering.harmless import harmless
from agent.settings import Settings
from grid_models.contingency.warm_up import warm_up
from grid_models.errors import AeipError
from guardrails.basis import Basis
from guardrails.people import LOCAL, Person
from tools.context import ProgressCallback, StudyContext, never

__all__ = ["App", "utc_now"]
log = logging.getLogger(__name__)

_LOCKS = 64
_LOADING_S = 20.0  # compiling on a first start takes the longest


class App(Approvals):
    """Questions on top of approvals, plants and storage. Thread-safe: faces call it from worker threads."""

    def __init__(self, settings: Settings, now: Callable[[], datetime] = utc_now) -> None:
        super().__init__(settings, now)
        self._loading: list[threading.Thread] = []
        self._locks = tuple(threading.Lock() for _ in range(_LOCKS))

    @cached_property
    def graph(self) -> Graph:
        """The conversation graph; its checkpoints lie beside the ledger, so that chat writes never hold the ledger's lock."""
        connection = sqlite3.connect(self.settings.data_dir / "checkpoints.db", check_same_thread=False)
        connection.execute("PRAGMA journal_mode=WAL")
        return build_graph(SqliteSaver(connection))

    def start(self) -> None:
        """Become the plant's owner, and load beside it what no question should wait for: compiled loops, sentence model, knowledge base."""
        super().start()
        for name, load in (("compiled-loops", warm_up), ("sentence-model", self._learn_to_read)):
            thread = threading.Thread(target=load, name=name, daemon=True)
            thread.start()
            self._loading.append(thread)

    def _learn_to_read(self) -> None:
        """The sentence model, then the knowledge base that searches with it."""
        meaning("")
        library(self.settings).prepare()

    def stop(self) -> None:
        """Give the plant back. What is still loading is waited for: a thread inside native code would abort the process at its end."""
        super().stop()
        while self._loading:
            self._loading.pop().join(timeout=_LOADING_S)

    def ask(
        self,
        question: str,
        *,
        session: str | None = None,
        person: Person = LOCAL,
        grid: str | None = None,
        at: datetime | int | None = None,
        question_id: str = "",
        on_event: Callable[[Event], None] = nobody,
        progress: ProgressCallback | None = None,
        cancelled: Callable[[], bool] = never,
    ) -> Answer:
        """Answer one question of a conversation. Never raises for what a person can type: a failure is an answer with one sentence.

        A study that takes long asks `cancelled` now and then and stops with a sentence.
        """
        began = time.perf_counter()
        session = session or uuid.uuid4().hex
        fields: dict[str, object] = {"id": question_id, "session": session, "question": question, "grid": grid or self.settings.grid}
        try:
            with self._locks[hash(session) % _LOCKS]:  # a second message of a conversation waits for the first one's answer
                watch = Watch(on_event, cancelled, progress)
                fields |= self._answer(question, session, person, grid, at, watch)
        except AeipError as error:
            fields |= {"status": Status.FAILED, "answer": str(error), "candidates": list(getattr(error, "nearest", ()))}
        except Exception as error:
            number = uuid.uuid4().hex[:8]
            log.exception("question failed [%s]", number)
            told = f"The question could not be answered: something failed inside ({type(error).__name__}, number {number} in the log)."
            fields |= {"status": Status.FAILED, "answer": f"{told} Nothing was changed; asking again or in other words may work."}
        fields["answer"] = harmless(str(fields["answer"]))  # names, files and pasted words are untrusted
        return Answer.model_validate({**fields, "elapsed_ms": round((time.perf_counter() - began) * 1000, 1)})

    def _answer(
        self, question: str, session: str, person: Person, grid: str | None, at: datetime | int | None, watch: Watch
    ) -> dict[str, object]:
        name = self._grid_of(question, session, grid)
        study = self.study_context(name, at, watch)
        state, source, twin = study.state, study.source, study.twin
        turn = self.turn(study, person, session, watch, name, elsewhen=at is not None)
        config: RunnableConfig = {"configurable": {"thread_id": session}, "recursion_limit": 40}
        result = self.graph.invoke(first_state(question, name, person.name), config, context=turn, durability="exit")
        answer, brain = dict(result["answer"]), who_answered(result["messages"])
        if brain.note:
            answer["answer"] += f"\n\n{brain.note}"
        if doubt := self.rules_doubt(name):
            answer["answer"] += f"\n\n{doubt}"
        told = twin.words(self.now()) if twin is not None else "standing start"
        answer["answer"] += f"\n\n*{state.model.name}, {told}, plant time {state.plant_time:%Y-%m-%d %H:%M} UTC.*"
        known = {
            "grid": state.model.name,
            "state_id": state.state_id,
            "plant_time": state.plant_time.isoformat(),
            "source": source,
            "brain": brain.name,
        }
        return {**known, **answer}

    def turn(
        self, study: StudyContext, person: Person, session: str, watch: Watch, grid: str | None = None, *, elsewhen: bool = False
    ) -> Turn:
        """All that one turn needs and no checkpoint stores; `grid` as the settings name one.  elsewhen: a plant time was asked for."""
        state = study.state
        action = ActionContext(
            gate=lambda: self.gate(grid),
            ledger=lambda: self.ledger,
            state=state,
            source=study.source,
            person=person,
            conversation=session,
            expiry=self.settings.approval_expiry,
            study_only=lambda: self._study_only(state.model.name, elsewhen),
            basis=Basis(brain="embedded", version=version("aeip")),
        )
        asked = OwnWords(state.model.registry, state.model.buses.areas, meaning)
        names = [e.name for e in state.model.registry.elements]
        brain = brain_of(self.settings, state, watch)
        return Turn(brain, study, action, names, self.settings.history_steps, asked.objection, on_event=watch.notify)

    def conversation_calls(self, session: str, person: Person) -> list[StoredCall]:
        """The calls of a stored conversation that were made for this person. Raises EvidenceNotFound where there are none."""
        messages = self.graph.get_state({"configurable": {"thread_id": session}}).values.get("messages", [])
        kept = stored_calls(messages, session, person)
        if not kept:
            raise EvidenceNotFound(f"There is no conversation '{session}' of yours with a study in it; the 'session' of an answer works.")
        return kept

    def evidence(self, session: str, call_id: str, person: Person, path: str | None = None) -> StoredCall:
        """What an evidence id stands for, also after a restart. Raises EvidenceNotFound, also for what is another person's."""
        return evidence(self.conversation_calls(session, person), session, call_id, path)

    def _grid_of(self, question: str, session: str, grid: str | None) -> str:
        """The grid asked for, the one this conversation switched to, or the default one."""
        if grid or (named := grid_said(question)[0]):
            return grid or named
        kept = self.graph.get_state({"configurable": {"thread_id": session}}).values.get("grid")
        return str(kept) if kept else self.settings.grid

    def _study_only(self, grid: str, elsewhen: bool) -> str | None:
        """Inside a running host only its own grid can be written; and no order is checked on another time than the running plant's."""
        if elsewhen and self.leases.holder(grid) is not None:
            return f"Another plant time was asked for, and the plant of '{grid}' is running: studies work there, orders need now."
        if self._owner is None or self._owner.grid == grid:
            return None
        return f"This conversation is about '{grid}', but the plant run here is '{self._owner.grid}': '{grid}' can be studied, not changed."
