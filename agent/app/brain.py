"""Which brain answers: the embedded one, or a language model with the embedded one behind it."""

from collections.abc import Mapping, Sequence

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import BaseMessage, HumanMessage

from agent.answer import Call
from agent.app.watch import Watch
from agent.brains import EmbeddedBrain
from agent.brains.author import Author, last_author
from agent.grounding import converted, in_unit
from agent.rendering import told_again, write_answer
from agent.settings import Settings
from agent.toolbox import ACTIONS, WRITING
from grid_models.twin.state import GridState
from tools.registry import STUDIES


def brain_of(settings: Settings, state: GridState, watch: Watch) -> BaseChatModel:
    """The brain of one turn. What a language model needs is imported only where one is asked for."""
    embedded = EmbeddedBrain(registry=state.model.registry, write=write_answer, retell=_retold, areas=state.model.buses.areas)
    model = settings.ollama_model
    if model is None:
        return embedded
    from agent.brains.ollama.brain import OllamaBrain
    from agent.brains.ollama.client import Client
    from agent.brains.ollama.tool import Tool

    studies = [Tool(t.name, t.purpose, t.args) for t in STUDIES.values()]
    actions = [Tool(t.name, t.purpose, t.args, t.name in WRITING) for t in ACTIONS.values()]
    limits = (settings.ollama_context_tokens, settings.ollama_total_s, settings.ollama_chunk_s)
    client = Client(model, settings.ollama_url, *limits, on_event=watch.notify, cancelled=watch.cancelled)
    return OllamaBrain(client=client, fallback=embedded, tools=(*studies, *actions), plant_time=f"{state.plant_time:%Y-%m-%d %H:%M} UTC")


def who_answered(messages: Sequence[BaseMessage]) -> Author:
    """The brain of the turn's last message, with its note."""
    asked = max(i for i, message in enumerate(messages) if isinstance(message, HumanMessage))
    return last_author(messages[asked + 1 :]) or Author("embedded")


def _retold(text: str, calls: Sequence[Call], style: Mapping[str, object]) -> str:
    """An answer in the unit and the form that are wished; `told_in`: the unit that the question itself named."""
    if told_in := str(style.get("told_in", "")):
        return converted(text, calls, told_in)
    unit = str(style.get("unit", ""))
    return told_again(in_unit(text, calls, unit) if unit else text, calls, style)
