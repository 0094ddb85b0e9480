"""The air temperature that Open-Meteo forecasts for a place, where a network exists; off unless a setting asks for it."""

import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import isfinite
from typing import Any

import numpy as np

from grid_models.errors import AeipError
from grid_models.heating.series import COLDEST_CELSIUS, HOTTEST_CELSIUS
from grid_models.weather.ambient import Ambient, AmbientSource
from grid_models.weather.moments import moments, said
from grid_models.weather.timed import Doubt, TimedTemperatures, continued

ADDRESS = "https://api.open-meteo.com/v1/forecast"
TIMEOUT_S = 5.0  # of the whole request, so that a question is not held up for longer
_FORECAST_DAYS = 16  # the longest that the service gives
_PAST_DAYS = 1
_KEPT = timedelta(hours=1)  # the service's models run every one to six hours
_KEPT_FAILURE = timedelta(minutes=5)
_LARGEST_BYTES = 1_000_000  # an answer of 17 days has 10 kB
_DOUBT = Doubt(2.0, 0.75, "how far days stray from the forecast (engineering judgement)")


class ForecastUnavailable(AeipError):
    """Why there is no forecast; the sentence goes on in `source`."""


@dataclass(frozen=True)
class Place:
    """Where the transformers stand."""

    latitude_degree: float
    longitude_degree: float


class OpenMeteo:
    """An ambient source which asks the service at most once an hour, and falls back to `fallback` whatever goes wrong."""

    def __init__(
        self, place: Place, fallback: AmbientSource, now: Callable[[], datetime], address: str = ADDRESS, timeout_s: float = TIMEOUT_S
    ) -> None:
        self._place, self._fallback, self._now = place, fallback, now
        self._address, self._timeout_s = address, timeout_s
        self._kept: tuple[datetime, TimedTemperatures | str] | None = None

    def ambient(self, first: datetime, steps: int, step_min: float) -> Ambient:
        """The forecast, and the fallback beyond it; the fallback alone, and why, where there is no forecast of these times."""
        at_s, now = moments(first, steps, step_min), self._now()
        earliest, latest = (now - timedelta(days=_PAST_DAYS + 1)).timestamp(), (now + timedelta(days=_FORECAST_DAYS + 1)).timestamp()
        if at_s[-1] < earliest or at_s[0] > latest:
            asked = f"{said(at_s[0])} to {said(at_s[-1])}"
            return self._instead(
                f"Open-Meteo forecasts the weather of now ({said(now.timestamp())}), not of {asked}", first, steps, step_min
            )
        found = self._forecast(now)
        if isinstance(found, str):
            return self._instead(found, first, steps, step_min)
        if not found.at(at_s)[1].any():
            return self._instead(f"Open-Meteo's forecast covers only {found.span}", first, steps, step_min)
        return continued(found, "Open-Meteo's forecast", self._fallback, first, steps, step_min, _DOUBT)

    def _instead(self, why: str, first: datetime, steps: int, step_min: float) -> Ambient:
        usual = self._fallback.ambient(first, steps, step_min)
        return replace(usual, source=f"{usual.source}, because {why}")

    def _forecast(self, now: datetime) -> TimedTemperatures | str:
        """Kept for an hour, a failure for five minutes."""
        if self._kept is not None:
            at, found = self._kept
            if timedelta(0) <= now - at < (_KEPT_FAILURE if isinstance(found, str) else _KEPT):
                return found
        try:
            found = fetch(self._place, self._address, self._timeout_s)
        except ForecastUnavailable as error:
            found = str(error)
        self._kept = (now, found)
        return found


def fetch(place: Place, address: str = ADDRESS, timeout_s: float = TIMEOUT_S) -> TimedTemperatures:
    """Hourly temperatures from yesterday to sixteen days ahead. Raises ForecastUnavailable."""
    query = urllib.parse.urlencode(
        {
            "latitude": f"{place.latitude_degree:.4f}",
            "longitude": f"{place.longitude_degree:.4f}",
            "hourly": "temperature_2m",
            "temperature_unit": "celsius",
            "timeformat": "unixtime",
            "timezone": "UTC",
            "forecast_days": _FORECAST_DAYS,
            "past_days": _PAST_DAYS,
        }
    )
    try:
        return _temperatures(json.loads(_body(f"{address}?{query}", timeout_s)))
    except (OSError, urllib.error.URLError, ValueError) as error:
        raise ForecastUnavailable(f"Open-Meteo did not answer as expected ({' '.join(str(error).split())[:120]})") from error


def _body(url: str, timeout_s: float) -> bytes:
    """Raises TimeoutError also for a server that sends a byte now and then."""
    end = time.monotonic() + timeout_s
    parts: list[bytes] = []
    with urllib.request.urlopen(url, timeout=timeout_s) as response:
        while part := response.read1(65536):
            parts.append(part)
            if time.monotonic() > end:
                raise TimeoutError(f"no whole answer in {timeout_s:g} s")
            if sum(map(len, parts)) > _LARGEST_BYTES:
                raise ValueError("the answer is too long")
    return b"".join(parts)


def _temperatures(answer: Any) -> TimedTemperatures:
    """Raises ValueError where this is no forecast. Hours without a value are left out."""
    try:
        hourly, unit = answer["hourly"], answer["hourly_units"]["temperature_2m"]
        rows = [
            (float(at), float(celsius)) for at, celsius in zip(hourly["time"], hourly["temperature_2m"], strict=True) if celsius is not None
        ]
    except (KeyError, TypeError, IndexError) as error:
        raise ValueError("the answer holds no hourly temperature_2m") from error
    if unit != "°C":
        raise ValueError(f"the unit is {unit}, not °C")
    if not rows or not all(isfinite(at) and COLDEST_CELSIUS <= celsius <= HOTTEST_CELSIUS for at, celsius in rows):
        raise ValueError("the temperatures are none of this earth's air")
    table = np.array(rows)
    if np.any(np.diff(table[:, 0]) <= 0):
        raise ValueError("the times do not ascend")
    return TimedTemperatures(table[:, 0], table[:, 1])
