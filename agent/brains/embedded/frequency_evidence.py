"""Does a sentence ask what frequency does after a loss of power? And what of it, first of all?"""

import re

from agent.brains.embedded.disturbance_amounts import disturbance_amounts
from agent.brains.embedded.disturbances import PowerLoss
from agent.brains.embedded.power_roles import LOST, role_of
from agent.brains.embedded.sentence import Sentence
from agent.brains.embedded.vocabulary import word_class

_MOVING = word_class("frequency_evidence.moving")
_PRESENT = frozenset({"now", "currently", "presently", "measured", "present"})
_SHED = re.compile(
    r"\bhow (?:much|many)\b(?:(?! if\b| when\b| after\b)[^?.,;])*"
    r"\b(?:shed|go(?:es|ne)?|los[te]|drop(?:ped|s)?|disconnected|cut|interrupted)\b|\b(?:load shedding|shedding of load)\b"
)
_OTHER_EFFECTS = ("overload", "loading", "voltage", "losses", "flow", "n1", "compare", "cause", "cascade:spread", "thermal:heat")
_FOCUS = (
    (
        "inertia",
        re.compile(
            r"(?:smallest|minimum|minimal|least|lowest|how much|enough|required|necessary)(?: \w+){0,2} inertia"
            r"|inertia (?:\w+ ){0,2}(?:needed|need|required?|necessary|keeps?\b)|inertia (?:must|do we need|has to)|\benough\b"
        ),
    ),
    ("limits", re.compile(r"\ballowed\b|\blimits\b|which limit|within (?:the |its )?limit|\bcompl(?:y|ies|iant)\b|violat|acceptable")),
    (
        "shed",
        re.compile(
            r"^(?!.*\b(?:without|no) (?:any )?(?:load )?shed).*\bshed(?:ding)?\b(?! scheme)|how much load|under ?frequency relays?|\bufls\b"
        ),
    ),
    ("rate", re.compile(r"\brocof\b|rate of change|how (?:fast|steep|quickly)|df/dt")),
    ("settling", re.compile(r"\bsettles?\b|end up|steady[ -]state|\brecover")),
)


def asks_of_frequency(sentence: Sentence, said: PowerLoss, *, named: bool) -> bool:
    """A word that means nothing else; frequency itself beside a loss or something that moves it; the loss of the largest infeed.

    `named`: an element is lost.
    """
    past = not sentence.words.isdisjoint(("did", "has", "was", "been")) and sentence.words.isdisjoint(("if", "would"))
    lost = said.is_named or named
    if past and not lost:
        return False
    if sentence.has("frequency:response") or said.inertia_gws is not None or (lost and speaks_of_governors(said)):
        return True
    if not past and not named and not sentence.mentions and _asks_what_is_shed(sentence):
        return True
    if said.largest == "infeed" and not sentence.has(*_OTHER_EFFECTS):
        return True
    moves = any(not _MOVING.isdisjoint((t.word, t.lemma)) for t in sentence.tokens)
    if moves and any(later.at_s > 0.0 for later in said.losses):
        return True  # only frequency knows of the seconds between two losses
    if not (
        sentence.has("frequency:frequency")
        or any(a.unit in ("hz", "hz_per_s", "percent_per_hz") for a in disturbance_amounts(sentence.text))
    ):
        return False
    return lost or (moves and not speaks_of_present(sentence))


def _asks_what_is_shed(sentence: Sentence) -> bool:
    """'How many MW would be shed if 20 GW trip': a power is lost, and only load shedding by frequency takes load for it."""
    amounts = disturbance_amounts(sentence.text)
    lost = any(role_of(a, amounts) == "loss" and not LOST.isdisjoint(a.around) for a in amounts)
    return lost and bool(_SHED.search(sentence.text.lower())) and not sentence.has(*_OTHER_EFFECTS)


def speaks_of_governors(said: PowerLoss) -> bool:
    """What only a study of frequency knows of."""
    return any(v is not None for v in (said.droop, said.reheat_s, said.damping_percent_per_hz, said.limit_hz, said.rocof_limit_hz_per_s))


def speaks_of_present(sentence: Sentence) -> bool:
    return not sentence.words.isdisjoint(_PRESENT)


def frequency_aspect(sentence: Sentence) -> str:
    """What the answer begins with; '' for how low it falls."""
    text = sentence.text.lower()
    return next((topic for topic, pattern in _FOCUS if pattern.search(text)), "")
