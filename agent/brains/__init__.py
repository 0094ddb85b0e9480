"""Brains: LangChain chat models that turn a conversation into tool calls or a final text."""

from agent.brains.embedded.brain import EmbeddedBrain

__all__ = ["EmbeddedBrain"]
