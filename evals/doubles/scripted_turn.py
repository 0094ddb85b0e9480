"""A turn whose brain is a script: everything else is the product's own wiring."""

import dataclasses
from collections.abc import Sequence

from langchain_core.messages import AIMessage
from langchain_core.runnables import RunnableConfig

from agent.answer import Answer
from agent.app import App
from agent.app.watch import Watch
from agent.graph import first_state
from evals.doubles.scripted_model import ScriptedModel
from guardrails.people import LOCAL, Person


def scripted_answer(
    app: App, replies: Sequence[AIMessage], question: str, *, session: str = "scripted", person: Person = LOCAL, grid: str | None = None
) -> Answer:
    """The answer to a question when the model says these replies, one after the other."""
    study = app.study_context(grid)
    brain = ScriptedModel(replies=list(replies))
    turn = dataclasses.replace(app.turn(study, person, session, Watch(), grid), brain=brain)
    config: RunnableConfig = {"configurable": {"thread_id": session}, "recursion_limit": 40}
    result = app.graph.invoke(first_state(question, study.state.model.name, person.name), config, context=turn)
    return Answer.model_validate({"session": session, "question": question, "brain": "scripted", **result["answer"]})
