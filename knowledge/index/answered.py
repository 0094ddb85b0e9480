"""Does a passage answer the question, or is it only the nearest? Calibrated on `evals/knowledge/questions/tuning.yaml`."""

from knowledge.index.ranked import Ranked

_COVERED = 0.5  # share of the question's words, by rarity, where nothing but words is known
_NEAR = 0.45  # cosine where nothing but the meaning is known
# Coverage and cosine. Between 0.80 and 0.95 "not stored" is said rightly and in vain in the same balance: higher is rather silent, lower
# rather wrong. At 0.80 it is most often right where it is said.
_TOGETHER = 0.8


def answers(found: Ranked) -> bool:
    """Whether the passage may be quoted as the answer."""
    if found.cosine is None:
        return (found.coverage or 0.0) >= _COVERED
    if found.coverage is None:
        return found.cosine >= _NEAR
    return found.coverage + found.cosine >= _TOGETHER
