"""When is '30 min' ago?"""

import re
from datetime import UTC, datetime, timedelta

from tools.result import InvalidArguments

_BACK = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([a-z]+)\s*(?:ago)?\s*", re.IGNORECASE)
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})")
_UNITS = {"s": 1, "sec": 1, "second": 1, "min": 60, "minute": 60, "h": 3600, "hour": 3600, "d": 86400, "day": 86400, "week": 604800}


def moment(words: str, now: datetime) -> datetime:
    """The plant time that '30 min', '2 h', '1 day', '10:00' or an ISO time means (UTC where none is named). Raises InvalidArguments."""
    clock = _CLOCK.fullmatch(words.strip())
    back = _BACK.fullmatch(words)
    seconds = _UNITS.get(back[2].lower()) or _UNITS.get(back[2].lower().rstrip("s")) if back else None
    try:
        if back and seconds:
            return now - timedelta(seconds=float(back[1]) * seconds)
        if clock:
            time = now.replace(hour=int(clock[1]) % 24, minute=int(clock[2]), second=0, microsecond=0)
            return time if time <= now else time - timedelta(days=1)
        time = datetime.fromisoformat(words)
    except (ValueError, OverflowError) as error:
        raise InvalidArguments(f"'{words}' is no time; '30 min', '2 h', '1 day' or {now:%Y-%m-%dT%H:%MZ} would work.") from error
    return time if time.tzinfo else time.replace(tzinfo=UTC)
