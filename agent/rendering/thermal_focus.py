"""What does the person want to know of a transformer first?"""

import re

from agent.answer import Call
from agent.rendering.thermal_rows import RowMarks, listed
from agent.rendering.wish import Wish

TIME, TEMPERATURE, LIFE, YEARS, PAPER, CAUSES, HELPS = "time", "temperature", "life", "years", "paper", "causes", "helps"
_FOCI = (TIME, TEMPERATURE, LIFE, YEARS, PAPER, CAUSES, HELPS)
_PERMISSION = re.compile(r"^\W*(?:can|could|may|might|is it (?:ok|allowed|possible))\b(?!.*\bhow\b)", re.IGNORECASE)
# the first that fits decides: "how many years of life are left" asks for years, "how much life does it cost" for life
_ASKED = tuple(
    (focus, re.compile(words, re.IGNORECASE))
    for focus, words in (
        (PAPER, r"\bpolymeri[sz]ation\b|\bdp\b|\bpaper\b|\bfurans?\b|\bcellulose\b"),
        (YEARS, r"\bremaining\b|\byears?\b|\brul\b|useful life|end of (?:its |their )?life|life (?:is )?left|how old|replace|\blast\b"),
        (HELPS, r"\bhelps?\b|reliev|relief|remed|what can (?:we|i) do|\bavoid|prevent|mitigat|\bcool (?:it |them )?down"),
        (CAUSES, r"\bwhy\b|\bcauses?\b|\breasons?\b|\bdriv(?:es|ers?|en)\b|explain"),
        (LIFE, r"\blife\b|\bage?ing\b|\bages?\b|\bwears?\b"),
        (TEMPERATURE, r"how (?:hot|warm)|(?<!ambient )(?<!air )temperatures?\b|hott?est\b(?! day)|\bhot-?spot\b(?! limit)"),
        (TIME, r"\bwhen\b|how (?:long|soon|fast|quickly)|how many (?:days|hours|minutes)"),
    )
)


def thermal_focus(wish: Wish) -> str:
    """What the understanding says, else what the words say; '' where the usual point is best."""
    if wish.focus in _FOCI:
        return wish.focus
    if _PERMISSION.search(wish.question):
        return ""
    return next((focus for focus, words in _ASKED if words.search(wish.question)), "")


def subject(call: Call, wish: Wish, focus: str) -> RowMarks:
    """The transformer to tell of: the one named, else the one at the end that was asked for, else the nearest to its limit."""
    found = listed(call, "transformers")
    named = next((r for r in found if r.name == wish.element), None)
    if named:
        return named
    if focus == YEARS:
        return min(found, key=lambda r: float("inf") if r.number("years_to_end") is None else r.amount("years_to_end"))
    key = {LIFE: "loss_of_life_hours", TEMPERATURE: "hot_spot_peak_celsius"}.get(focus)
    return max(found, key=lambda r: r.amount(key)) if key else found[0]
