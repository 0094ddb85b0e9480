"""Does a sentence ask how a loss spreads by itself? And what of it, first of all?"""

import re

from agent.brains.embedded.sentence import Sentence
from agent.brains.embedded.spread_said import asks_of_risk

_HELPERS = "will|would|could|might|may|can|to|then|also|do|be|get|in|turn|there|one"
_OTHERS = rf"(?:else|others?|anything|something|everything|rest|(?:other|further|more|next|additional|any) \w+)(?: (?:{_HELPERS})){{0,3}}"
_TOO = "next|too|afterwards?|else|others?|further|subsequently|as well|in turn|one after|anything|something"
_NOBODY = "nobody|noone|no one|no operator|operator (?:can |do )?not|we (?:can |do )?not"
# over base forms, names written as M: what happens on top of the outages that are named
_ONWARD = re.compile(
    rf"(?<!if )(?<!when )\b{_OTHERS} (?:trip|fail|follow|go|drop out)\b"
    rf"|(?<!\band M )\b(?:trip|fail|follow|lose|take) (?:\w+ )?(?:{_TOO})\b"
    r"|\b(?:bring|take|pull|drag|knock) (?:down |out |along |off )?(?:\w+ )?(?:others?|else|further|more)\b(?! off)"
    r"|(?<!\bgo )(?<!\btrip )(?<!\bfail )\b(?:by itself|on its own)\b"
    r"|\b(?:what|which)(?: \w+){0,2} (?:trip|fail) first\b"
    r"|\bgo (?:next|after (?:it|that|them|M)|too|as well)\b"
    r"|\b(?:what|which \w+) (?:will |would )?(?:trip|fail|go|drop) first\b"
    r"|\b(?:happens?|come) (?:next|then|after)\b|\bnext(?: \w+){0,2} to (?:trip|fail|go)\b|\bwhat follow\b|\bfollow on\b|\bknock on\b"
    rf"|\b(?:{_NOBODY})(?: can| do| could)? (?:act|react|intervene|respond|do|step|anything|nothing)\b"
    r"|\b(?:without (?:any )?(?:intervention|action|reaction|operator|countermeasure)|do nothing|leave (?:alone|unattended)|unattended)\b"
    r"|\b(?:operator|dispatcher|control room)(?: \w+){0,2} (?:react|respond|intervene|act|need)\b|\breaction time\b"
)
# 'black us out', 'would we be blacked out'; which customers are blacked out is the effect of an outage, not what follows it
_DARKENS = re.compile(
    r"(?<!\bbe )(?<!\bget )\bblack (?:[\w-]+ ){0,3}?out\b|\bwe (?:[\w-]+ )?(?:be|get) black out\b|\blights? (?:\w+ )?(?:go|be) out\b"
)
_STOPS = re.compile(
    r"\bstop|prevent|avoid|avert|\bhalt|\bhelps?\b|remed|counter ?meas|what (?:can|could|should) (?:we|i|operators?) (?:do|switch)"
)
_ISLANDS = re.compile(r"\bislands?\b|islanding|\bsplits?\b|separat|which parts|fall(?:s)? apart")
_PATHWAY = re.compile(r"\bwhy\b|pathway|which path|propagat|how (?:does|will|would|did|do) it spread|what drives|in which order")
_LOSS = re.compile(
    r"how (?:much|many)(?: \w+){0,4} (?:lose|lost|loss|shed|cut|gone|dark|blacked)|how many (?:mw|mega\w+|customers)|lost load"
    r"|load (?:is |are |will be |would be )?(?:lost|shed)|lose (?:any |some |the )?load\b(?! \d)|unserved|not supplied|\bmwh\b"
)
_TIME = re.compile(
    r"\bwhen (?:does|do|will|would|is|are)\b|how (?:fast|soon|quick|long)|timeline|how many (?:minutes|seconds)|first (?:trip|relay)"
    r"|relay (?:acts|trips|operates) first"
)
_POINTING, _RANKING = frozenset({"that", "this", "it"}), frozenset({"which", "what"})
_FOCUS = (("islands", _ISLANDS), ("pathway", _PATHWAY), ("loss", _LOSS), ("time", _TIME))


def speaks_of_cascade(sentence: Sentence) -> bool:
    """A word that means nothing else: cascade, domino, chain reaction, blackout, hidden failure; 'would that black us out'."""
    points = not _POINTING.isdisjoint(sentence.words) and sentence.words.isdisjoint(_RANKING)
    return sentence.has("cascade:spread") or (points and _darkens(sentence))


def speaks_of_more(sentence: Sentence) -> bool:
    """Words for what follows by itself; they mean a cascade only beside an outage."""
    relays = sentence.has("cascade:relay") and sentence.has("outage")
    onward = sentence.has("cascade:onward") or _follows(sentence) or bool(_ONWARD.search(_base_forms(sentence)))
    return onward or relays or _darkens(sentence) or _spreading_risk(sentence)


def cascade_aspect(sentence: Sentence) -> str:
    """What the answer begins with; '' for whether and how far it spreads."""
    text = sentence.text.lower()
    if _STOPS.search(text):
        return "stops"
    return "risk" if asks_of_risk(text) else next((topic for topic, pattern in _FOCUS if pattern.search(text)), "")


def _follows(sentence: Sentence) -> bool:
    """'Follow the trips', 'what follows'; 'following the loss of' and 'as follows' only say when, or what; 'what RoCoF follows' of what."""
    if sentence.has("frequency:response"):
        return False
    return any(t.word in ("follow", "follows") and (i == 0 or sentence.tokens[i - 1].word != "as") for i, t in enumerate(sentence.tokens))


def _darkens(sentence: Sentence) -> bool:
    return bool(_DARKENS.search(_base_forms(sentence)))


def _spreading_risk(sentence: Sentence) -> bool:
    return asks_of_risk(sentence.text) and sentence.has("cascade:sample")


def _base_forms(sentence: Sentence) -> str:
    words: list[str] = []
    i = 0
    while i < len(sentence.tokens):
        mention = sentence.mention_at(i)
        words.append("M" if mention else sentence.tokens[i].lemma)
        i = mention.end if mention else i + 1
    return " ".join(words)
