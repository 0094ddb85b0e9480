"""Wall time that moves only when told, so that expiry, shifts and the plant's clock are part of the script."""

from datetime import UTC, datetime, timedelta

START = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)  # a day on which every shipped rule is in force


class Clock:
    """Callable like `agent.app.utc_now`; gives aware wall UTC."""

    def __init__(self, at: datetime = START) -> None:
        self._at = at

    def __call__(self) -> datetime:
        return self._at

    def advance(self, minutes: float) -> None:
        """Let wall time, and with it a running plant, go on."""
        self._at += timedelta(minutes=minutes)
