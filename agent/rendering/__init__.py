"""Answers and pictures from results. Numbers leave this folder as markers, never as digits; pictures carry the results' own."""

from agent.rendering.bars import Picture
from agent.rendering.cascade_map import cascade_map
from agent.rendering.fallback import headline
from agent.rendering.map_picture import grid_map
from agent.rendering.pictures import pictures
from agent.rendering.write import write_answer

__all__ = ["Picture", "cascade_map", "grid_map", "headline", "pictures", "write_answer"]
