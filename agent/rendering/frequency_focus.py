"""What does the person want to know of a frequency response first?"""

import re

from agent.rendering.wish import Wish

INERTIA, LIMITS, SHED, RATE, SETTLING = "inertia", "limits", "shed", "rate", "settling"
_FOCI = (INERTIA, LIMITS, SHED, RATE, SETTLING)
# the first that fits decides; inertia that the person gives ("with 19 GWs of inertia") is no question for it
_ASKED = tuple(
    (focus, re.compile(words, re.IGNORECASE))
    for focus, words in (
        (
            INERTIA,
            r"(?:smallest|minimum|least|lowest|how much|enough|required|necessary)(?: \w+){0,2} inertia"
            r"|inertia (?:\w+ ){0,2}(?:need|require|necessary|keeps?\b)",
        ),
        (LIMITS, r"\ballowed\b|\blimits\b|which limit|within (?:the |its )?limit|\bcompl(?:y|ies|iant)\b|violat|acceptable|\bcodes?\b"),
        (SHED, r"^(?!.*\b(?:without|no) (?:any )?(?:load )?shed).*\bshed(?:ding)?\b(?! scheme)|how much load"),
        (RATE, r"\brocof\b|rate of change|how (?:fast|steep|quickly)"),
        (SETTLING, r"\bsettles?\b|end up|steady[ -]state|\brecover"),
    )
)


def frequency_focus(wish: Wish) -> str:
    """What the understanding says, else what the words say; '' where the usual point is best."""
    if wish.focus in _FOCI:
        return wish.focus
    return next((focus for focus, words in _ASKED if words.search(wish.question)), "")
