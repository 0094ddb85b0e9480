"""What does the person want to know of a cascade first?"""

import re

from agent.rendering.wish import Wish

TIME, LOSS, STOPS, RISK, ISLANDS, PATHWAY = "time", "loss", "stops", "risk", "islands", "pathway"
_FOCI = (TIME, LOSS, STOPS, RISK, ISLANDS, PATHWAY)
# the first that fits decides; "what happens when line 5 trips" asks for no time
_ASKED = tuple(
    (focus, re.compile(words, re.IGNORECASE))
    for focus, words in (
        (
            STOPS,
            r"\bstop|prevent|avoid|avert|\bhalt|\bhelps?\b|remed|what (?:can|could|should) (?:we|i|operators?)\b|counter-?meas",
        ),
        (RISK, r"\brisk|\blike(?:ly|lihood)|probab|\bchances?\b|\bodds\b"),
        (ISLANDS, r"\bislands?\b|islanding|\bsplits?\b|separat|which parts|fall(?:s)? apart"),
        (PATHWAY, r"\bwhy\b|pathway|which path|propagat|how (?:does|will|would|did) it spread|\bcauses?\b|\bwhat drives"),
        (
            LOSS,
            r"how much|how many (?:mw|megawatts?|customers)|\blost load|load (?:is |are |will be |would be )?(?:lost|shed|cut)"
            r"|los(?:e|es|ing) (?:any |some |the )?load\b(?! \d)|unserved|not supplied|\bmwh\b|consequence",
        ),
        (
            TIME,
            r"\bwhen (?:does|do|will|would|is|are)\b|how (?:fast|soon|quick(?:ly)?|long)|timeline"
            r"|how many (?:minutes|seconds)|first (?:trip|relay)",
        ),
    )
)


def cascade_focus(wish: Wish) -> str:
    """What the understanding says, else what the words say; '' where the usual point is best."""
    if wish.focus in _FOCI:
        return wish.focus
    return next((focus for focus, words in _ASKED if words.search(wish.question)), "")
