"""Does a message speak of another time than now?"""

import re

# 'at 10:00', 'in 20 minutes', 'next week'
CLOCK = re.compile(
    r"\b(?:at|from|by|around) \d{1,2}(?::\d{2}| ?(?:am|pm|h|o'clock)\b)"
    r"|\bin (?:\d+|an?|half an|two|three|five|ten) (?:min|minute|hour|day|week)s?\b|\bnext (?:\w+ )?(?:week|month|shift|day|hour|year)\b",
    re.I,
)

# A time of day behind any word ('for 14:00'): of an order, nothing else can be meant by it.
TIME_OF_DAY = re.compile(
    r"\b\d{1,2}(?::\d{2}\b| ?(?:am|pm|o'clock)\b)|\bat the (?:end|start|beginning) of\b"
    r"|\b(?:before|after|during) (?:the |our |this )?(?:peak|rush|break|handover|shift|storm|works?|maintenance|test)\b",
    re.I,
)
