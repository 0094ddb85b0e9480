"""Answers and pictures from results. Numbers leave this folder as markers, never as digits; pictures carry the results' own."""

from agent.rendering.bars import Picture
from agent.rendering.fallback import headline
from agent.rendering.map_picture import grid_map
from agent.rendering.pictures import pictures
from agent.rendering.retelling import told_again
from agent.rendering.write import write_answer

__all__ = ["Picture", "grid_map", "headline", "pictures", "told_again", "write_answer"]
