"""Starting the host: a taken port or a plant owned elsewhere is one sentence, and nothing is left half started."""

import socket
from dataclasses import replace
from typing import Any

import pytest
from fastapi import FastAPI

from agent.web.host import serve
from grid_models.errors import AeipError
from guardrails.errors import OwnerElsewhere


def test_a_taken_port_is_named_before_anything_starts(core: Any) -> None:
    """The sentence says which port and what would work; the plant's owner was not touched."""
    started: list[str] = []
    core.start = lambda: started.append("owner")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        core.settings = replace(core.settings, port=port)
        with pytest.raises(AeipError, match=rf"Port {port} on 127\.0\.0\.1 cannot be served .*--port"):
            serve(core)
    assert started == []


def test_an_address_of_another_machine_is_explained(core: Any) -> None:
    core.settings = replace(core.settings, host="no-such-host.invalid")
    with pytest.raises(AeipError, match="is not an address of this machine"):
        serve(core)


def test_a_plant_owned_elsewhere_stops_the_start_and_frees_the_port(core: Any) -> None:
    """The owner's sentence goes through; the port is free again."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    core.settings = replace(core.settings, port=port)

    def refuse() -> None:
        raise OwnerElsewhere("The plant is run by another process.")

    core.start = refuse
    with pytest.raises(OwnerElsewhere, match="run by another process"):
        serve(core)
    with socket.socket() as again:
        again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        again.bind(("127.0.0.1", port))


def test_health_says_unwell_with_its_status(core: Any, host: FastAPI) -> None:
    """A load balancer sees a host whose owner failed."""
    from starlette.testclient import TestClient

    healthy = core.health()
    core.health = lambda: {**healthy, "status": "degraded", "fault": "telemetry is dead"}
    response = TestClient(host).get("/healthz")
    assert (response.status_code, response.json()["fault"]) == (503, "telemetry is dead")
