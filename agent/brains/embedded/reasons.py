"""Why does the person want a change? In their own words."""

import re

from agent.brains.embedded.vocabulary import word_class

_PURPOSES = "|".join(sorted(word_class("reasons.purposes")))  # 'to relieve line 54', not 'to 10 MW'
_WORKS = "|".join(sorted(word_class("reasons.works")))  # 'for maintenance', not 'for line 14'
_REASON = re.compile(
    r"\b(?:because|due to|since|as (?=\S+ \S+ (?:is|are)\b)|owing to|so that|in order to|on account of|reason:|"
    rf"to (?=(?:{_PURPOSES})\b)|for (?=(?:{_WORKS})\b)).*",
    re.I | re.S,
)


def joined_reason(before: str, added: str) -> str:
    """The reason of a request that took two messages: an explicit reason in the second goes first, else both."""
    if _REASON.search(added):
        return reason_of(added)
    return before if _REASON.match(before) or before.endswith(added) else f"{before}; {' '.join(added.split())}"


def reason_begins(text: str) -> int:
    """Where the reason starts in the text; its length where none is given."""
    match = _REASON.search(text)
    return match.start() if match else len(text)


def reason_of(text: str) -> str:
    """'because …', 'due to …', 'to relieve …' up to the end of its clause; the whole request when no reason is given."""
    text = " ".join(text.split())
    match = _REASON.search(text)
    if match is None:
        return text
    reason = match.group(0)
    if match.start() == 0:  # 'to relieve line 54, curtail ...': the reason ends at the comma
        reason = reason.split(",")[0]
    return re.split(r"(?<=[a-z\d])[.;!?](?:\s|$)", reason)[0].strip(" .,;!?") or text
