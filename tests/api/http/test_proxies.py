"""Whose address a request is taken to come from."""

from __future__ import annotations

from ipaddress import ip_network

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from api.http.proxies import ClientAddresses, Network, client_address
from api.monitoring import logs

OURS = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))
PROXY = "10.0.0.1"
CLIENT = "203.0.113.7"
FORGED = "198.51.100.9"


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        pytest.param(CLIENT, [], CLIENT, id="nobody in between"),
        pytest.param(CLIENT, [FORGED], CLIENT, id="a client that forges the header"),
        pytest.param(PROXY, [], PROXY, id="a proxy that says nothing"),
        pytest.param(PROXY, [CLIENT], CLIENT, id="one proxy"),
        pytest.param(PROXY, [f"{CLIENT}, 10.0.0.2"], CLIENT, id="two proxies"),
        pytest.param(PROXY, [f"{FORGED},{CLIENT}"], CLIENT, id="a forged entry in front of the true one"),
        pytest.param(PROXY, [f"10.0.0.9, {CLIENT}"], CLIENT, id="one that claims to be a proxy of ours"),
        pytest.param(PROXY, [FORGED, CLIENT], CLIENT, id="two headers are one list"),
        pytest.param(PROXY, ["10.0.0.3, 10.0.0.2"], "10.0.0.3", id="proxies of ours only"),
        pytest.param(PROXY, [f"{CLIENT}, unknown"], PROXY, id="an entry that is no address"),
        pytest.param(PROXY, [""], PROXY, id="an empty header"),
        pytest.param(PROXY, [f"{CLIENT}:41000"], CLIENT, id="with a port"),
        pytest.param("fd00::1", ["[2001:db8::7]:41000"], "2001:db8::7", id="IPv6 with a port"),
        pytest.param("fd00::1", ["2001:DB8:0::7"], "2001:db8::7", id="one spelling of IPv6"),
        pytest.param("::ffff:10.0.0.1", [CLIENT], CLIENT, id="IPv4 on a socket for both"),
        pytest.param("::ffff:203.0.113.7", [], CLIENT, id="an IPv4 client on such a socket"),
        pytest.param("testclient", [FORGED], "testclient", id="a peer that has no address"),
    ],
)
def test_the_client_is_the_rightmost_that_is_no_proxy_of_ours(peer: str, forwarded: list[str], client: str) -> None:
    assert client == client_address(peer, forwarded, OURS)


async def told(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers with whom the request is taken to come from."""
    client = Request(scope).client
    await JSONResponse([client and client.host, logs.client.get()])(scope, receive, send)


@pytest.mark.parametrize(("trusted", "client"), [((), PROXY), (OURS, CLIENT)])
async def test_request_and_logs_have_the_client_by_trusted_proxies_alone(
    trusted: tuple[Network, ...], client: str
) -> None:
    transport = httpx.ASGITransport(ClientAddresses(told, trusted=trusted), client=(PROXY, 4711))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as browser:
        response = await browser.get("/", headers={"X-Forwarded-For": CLIENT})

    assert [client, client] == response.json()
    assert logs.client.get() is None
