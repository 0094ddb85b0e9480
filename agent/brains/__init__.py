"""Brains: LangChain chat models that turn a conversation into tool calls or a final text."""

from agent.brains.embedded.brain import EmbeddedBrain
from agent.brains.embedded.grids import grid_said
from agent.brains.embedded.meaning import meaning
from agent.brains.own_words import OwnWords

__all__ = ["EmbeddedBrain", "OwnWords", "grid_said", "meaning"]
