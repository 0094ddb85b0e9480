"""Open-Meteo's forecast where there is a network; the climatology, and why, wherever there is none."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from agent.open_meteo import OpenMeteo, Place
from grid_models.weather.constant import ConstantAmbient

NOW = datetime(2026, 5, 4, 10, 20, tzinfo=UTC)
USUAL = ConstantAmbient(10.0, "the usual", sigma_k=4.0, day_to_day=0.75)
PLACE = Place(53.6, 11.4)
Respond = Callable[[BaseHTTPRequestHandler], None]


def forecast(**changed: Any) -> dict[str, Any]:
    """Seventeen days by the hour as the service sends them: degrees are the hours since the first."""
    start = int(datetime(2026, 5, 3, tzinfo=UTC).timestamp())
    hours = range(17 * 24)
    return {
        "latitude": 53.6,
        "utc_offset_seconds": 0,
        "hourly_units": {"time": "unixtime", "temperature_2m": "°C"},
        "hourly": {"time": [start + 3600 * hour for hour in hours], "temperature_2m": [hour / 10 for hour in hours]},
        **changed,
    }


def sends(answer: object, status: int = 200) -> Respond:
    def respond(handler: BaseHTTPRequestHandler) -> None:
        body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return respond


@contextmanager
def service(respond: Respond) -> Iterator[tuple[str, list[dict[str, list[str]]]]]:
    """A server on this machine; its address and what it was asked."""
    asked: list[dict[str, list[str]]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(parse_qs(urlsplit(self.path).query))
            respond(self)

        def log_message(self, *args: object) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1/forecast", asked
    finally:
        server.shutdown()
        server.server_close()


def test_the_forecast_is_read_between_its_hours() -> None:
    """For the place asked, in UTC, with the doubt of a forecast."""
    with service(sends(forecast())) as (address, asked):
        found = OpenMeteo(PLACE, USUAL, lambda: NOW, address).ambient(datetime(2026, 5, 4, 12, tzinfo=UTC), 5, 15)
    assert found.celsius == pytest.approx([3.6, 3.625, 3.65, 3.675, 3.7])
    assert found.source == "Open-Meteo's forecast"
    assert (found.sigma_k, "engineering judgement" in found.unverified) == (2.0, True)
    assert (asked[0]["latitude"], asked[0]["longitude"], asked[0]["hourly"]) == (["53.6000"], ["11.4000"], ["temperature_2m"])


def test_beyond_its_days_the_usual_takes_over() -> None:
    """And the source counts both; hours without a value at the end are no temperatures."""
    answer = forecast()
    answer["hourly"]["temperature_2m"][-24:] = [None] * 24
    with service(sends(answer)) as (address, _):
        found = OpenMeteo(PLACE, USUAL, lambda: NOW, address).ambient(datetime(2026, 5, 4, tzinfo=UTC), 30 * 24, 60)
    assert found.celsius[0] == pytest.approx(2.4)
    assert set(found.celsius[15 * 24 :]) == {10.0}
    assert found.source.startswith("Open-Meteo's forecast for 360 of 720 moments")
    assert found.source.endswith("else the usual")
    assert found.sigma_k == 4.0


def test_the_weather_of_now_is_none_of_a_simulated_year() -> None:
    """Plant time of 2016: the climatology with the reason, and nobody is asked."""
    with service(sends(forecast())) as (address, asked):
        found = OpenMeteo(PLACE, USUAL, lambda: NOW, address).ambient(datetime(2016, 8, 12, 9, 45, tzinfo=UTC), 96, 15)
    assert set(found.celsius) == {10.0}
    assert found.source == (
        "the usual, because Open-Meteo forecasts the weather of now (2026-05-04 10:20 UTC), "
        "not of 2016-08-12 09:45 UTC to 2016-08-13 09:30 UTC"
    )
    assert asked == []


@pytest.mark.parametrize(
    ("respond", "said"),
    [
        (sends(b"<html>captive portal</html>"), "Expecting value"),
        (sends({"error": True, "reason": "no such place"}, 400), "400"),
        (sends([]), "no hourly temperature_2m"),
        (sends({"hourly": None}), "no hourly temperature_2m"),
        (sends(forecast(hourly_units={"temperature_2m": "°F"})), "the unit is °F"),
        (sends(forecast(hourly={"time": [1, 2], "temperature_2m": [20.0]})), "zip"),
        (sends(forecast(hourly={"time": [2, 1], "temperature_2m": [20.0, 21.0]})), "do not ascend"),
        (sends(forecast(hourly={"time": [1, 2], "temperature_2m": [20.0, 400.0]})), "none of this earth's air"),
        (sends(forecast(hourly={"time": [1, 2], "temperature_2m": [20.0, float("nan")]})), "none of this earth's air"),
        (sends(forecast(hourly={"time": [1], "temperature_2m": [None]})), "none of this earth's air"),
        (sends(b" " * 2_000_000), "too long"),
    ],
)
def test_rubbish_is_replaced_by_the_usual_and_told(respond: Respond, said: str) -> None:
    """Whatever the server sends."""
    with service(respond) as (address, _):
        found = OpenMeteo(PLACE, USUAL, lambda: NOW, address).ambient(NOW, 4, 15)
    assert set(found.celsius) == {10.0}
    assert found.source.startswith("the usual, because Open-Meteo did not answer as expected")
    assert said in found.source


def hangs(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(1.5)


def drips(handler: BaseHTTPRequestHandler) -> None:
    """A byte now and then never reaches the timeout of a single read."""
    handler.send_response(200)
    handler.end_headers()
    for _ in range(30):
        try:
            handler.wfile.write(b" ")
        except OSError:  # the client has gone, as it should
            return
        time.sleep(0.05)


@pytest.mark.parametrize("respond", [hangs, drips])
def test_a_server_that_hangs_holds_nobody_up(respond: Respond) -> None:
    """The time limit is that of the whole request."""
    with service(respond) as (address, _):
        began = time.monotonic()
        found = OpenMeteo(PLACE, USUAL, lambda: NOW, address, timeout_s=0.3).ambient(NOW, 4, 15)
        assert time.monotonic() - began < 1.2
    assert "because Open-Meteo did not answer" in found.source


def test_no_network_is_no_trouble() -> None:
    """Nobody listens there."""
    found = OpenMeteo(PLACE, USUAL, lambda: NOW, "http://127.0.0.1:9/v1/forecast").ambient(NOW, 4, 15)
    assert set(found.celsius) == {10.0}


def test_the_service_is_asked_once_an_hour_and_after_a_failure_every_five_minutes() -> None:
    """Every question of a conversation asks for temperatures."""
    at = [NOW]
    answers: list[Respond] = [sends(b"rubbish"), sends(forecast()), sends(forecast())]
    with service(lambda handler: answers.pop(0)(handler)) as (address, asked):
        source = OpenMeteo(PLACE, USUAL, lambda: at[0], address)
        for minutes, calls in ((0, 1), (4, 1), (6, 2), (50, 2), (67, 3)):
            at[0] = NOW + timedelta(minutes=minutes)
            source.ambient(NOW, 4, 15)
            assert len(asked) == calls, minutes
