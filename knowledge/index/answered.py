"""Does a passage answer the question, or is it only the nearest? Calibrated on `evals/knowledge/questions/tuning.yaml`."""

from knowledge.index.ranked import Ranked

_COVERED = 0.62  # share of the question's words, by rarity, where nothing but words is known


def answers(found: Ranked) -> bool:
    """Whether the passage may be quoted as the answer."""
    return found.coverage >= _COVERED
