"""One POST to a receiver, over real TLS: where it goes, where it never goes, and for how long."""

from __future__ import annotations

import asyncio
import ssl
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from aiohttp import web

from api.webhooks.addresses import Address
from api.webhooks.opening import Reach
from api.webhooks.sending import MOST_ANSWER_BYTES, NotSent, Sender
from tests.api.webhooks.conftest import look_up_loopback
from tests.api.webhooks.receiver import HOST, Authority, Receiver, receiving

BODY = b'{"type":"PING"}'
NOWHERE = "The host's name leads to no address of the public internet."


class Names:
    """A name server that answers otherwise each time, and counts how often it was asked."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    async def __call__(self, name: str) -> list[Address]:
        self.asked.append(name)
        if not self.answers:
            raise OSError("no such name")
        return [ip_address(address) for address in self.answers.pop(0)]


@pytest.fixture
def sender(reach: Reach) -> Sender:
    return reach.sender(look_up_loopback)


async def test_a_delivery_arrives_at_the_name_over_verified_tls(sender: Sender, receiver: Receiver) -> None:
    receiver.answer(202, "thanks")

    answer = await sender.post(f"{receiver.url}?a=%20b", BODY, {"webhook-id": "msg_1"})

    received = await receiver.next()
    assert (f"{HOST}:{receiver.port}", "/hook?a=%20b", BODY) == (received.host, received.path, received.body)
    assert "msg_1" == received.headers["webhook-id"]
    assert "accept-encoding" not in received.headers
    assert (202, "thanks", True) == (answer.status, answer.body, answer.accepted)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_nobody_is_redirected(sender: Sender, receiver: Receiver, status: int) -> None:
    receiver.answer(status, Location=receiver.url + "/elsewhere")

    answer = await sender.post(receiver.url, BODY, {})

    await receiver.next()
    assert (status, False) == (answer.status, answer.accepted)
    assert receiver.received.empty()


async def test_a_name_that_answers_otherwise_a_moment_later_gains_nothing(
    authority: Authority, tmp_path: Path, reach: Reach
) -> None:
    """DNS rebinding: what was judged is what is connected to, and nothing is asked twice."""
    tls = authority.context_for(tmp_path, HOST)
    # First where ports are taken by others: at the other address that port is free.
    async with receiving(tls) as inside, receiving(tls, address="127.0.0.2", port=inside.port) as judged:
        names = Names(["127.0.0.2"], ["127.0.0.1"])
        sender = replace(reach, ports=(judged.port,)).sender(names)

        await sender.post(f"https://{HOST}:{judged.port}/", BODY, {})

        await judged.next()
        assert [HOST] == names.asked
        assert inside.received.empty()


@pytest.mark.parametrize(
    "addresses",
    [
        ["10.0.0.1"],
        ["169.254.169.254"],
        ["::1"],
        ["::ffff:10.0.0.1"],
        ["64:ff9b::10.0.0.1"],
        ["8.8.8.8", "10.0.0.1"],
        ["10.0.0.1", "8.8.8.8"],
        [],
    ],
)
async def test_a_name_that_leads_inside_is_told_as_one_that_leads_nowhere(reach: Reach, addresses: list[str]) -> None:
    sender = reach.sender(Names(addresses))

    with pytest.raises(NotSent) as refused:
        await sender.post(f"https://{HOST}:{reach.ports[0]}/", BODY, {})

    assert NOWHERE == refused.value.reason


async def test_a_name_that_is_not_there_leads_nowhere(reach: Reach) -> None:
    with pytest.raises(NotSent) as refused:
        await reach.sender(Names()).post(f"https://{HOST}:{reach.ports[0]}/", BODY, {})

    assert NOWHERE == refused.value.reason


async def test_without_the_setting_nothing_on_this_side_is_connected_to(reach: Reach, receiver: Receiver) -> None:
    sender = replace(reach, networks=()).sender(look_up_loopback)

    with pytest.raises(NotSent) as refused:
        await sender.post(receiver.url, BODY, {})

    assert NOWHERE == refused.value.reason
    assert receiver.received.empty()


async def test_a_url_that_the_settings_allow_no_longer_is_not_delivered_to(reach: Reach, receiver: Receiver) -> None:
    sender = replace(reach, ports=(443,)).sender(look_up_loopback)

    with pytest.raises(NotSent, match="Port"):
        await sender.post(receiver.url, BODY, {})

    assert receiver.received.empty()


async def test_a_certificate_of_another_name_or_of_nobody_known_is_refused(
    authority: Authority, tmp_path: Path, reach: Reach
) -> None:
    async with receiving(authority.context_for(tmp_path, "other.example.com")) as other:
        of_another_name = replace(reach, ports=(other.port,))
        of_nobody = replace(of_another_name, certificates=None)
        for each, name in ((of_another_name, HOST), (of_nobody, "other.example.com")):
            with pytest.raises(NotSent, match="certificate"):
                await each.sender(look_up_loopback).post(f"https://{name}:{other.port}/", BODY, {})

        assert other.received.empty()


async def test_a_receiver_that_does_not_answer_is_given_up(reach: Reach, receiver: Receiver) -> None:
    never = asyncio.Event()

    async def hang(_request: web.BaseRequest) -> web.StreamResponse:
        await never.wait()
        return web.Response()

    receiver.answers.append(hang)
    sender = replace(reach, timeout=0.3).sender(look_up_loopback)

    with pytest.raises(NotSent, match=r"within 0\.3 s") as failure:
        await sender.post(receiver.url, BODY, {})

    never.set()
    assert 250 <= failure.value.duration_ms < 1500


async def test_a_name_server_that_does_not_answer_is_given_up_within_the_same_time(reach: Reach) -> None:
    async def hang(_name: str) -> list[Address]:
        await asyncio.Event().wait()
        return []

    with pytest.raises(NotSent, match=r"within 0\.2 s"):
        await replace(reach, timeout=0.2).sender(hang).post(f"https://{HOST}:{reach.ports[0]}/", BODY, {})


async def test_of_a_long_answer_only_the_beginning_is_read(sender: Sender, receiver: Receiver) -> None:
    async def endless(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse(status=500)
        await response.prepare(request)
        with suppress(ConnectionError):
            while True:
                await response.write(b"x\0" * 4096)
        return response

    receiver.answers.append(endless)

    answer = await sender.post(receiver.url, BODY, {})

    assert (500, MOST_ANSWER_BYTES) == (answer.status, len(answer.body))
    assert "\0" not in answer.body


async def test_an_answer_that_stops_in_the_middle_counts_by_its_status(sender: Sender, receiver: Receiver) -> None:
    async def stalling(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse(status=200)
        response.content_length = 1_000
        await response.prepare(request)
        await response.write(b"half")
        await asyncio.Event().wait()
        return response

    receiver.answers.append(stalling)

    answer = await sender.post(receiver.url, BODY, {})

    assert (200, "half") == (answer.status, answer.body)


async def test_headers_without_end_are_given_up(sender: Sender, receiver: Receiver) -> None:
    receiver.answer(200, X_Long="x" * 100_000)

    with pytest.raises(NotSent, match="broke off"):
        await sender.post(receiver.url, BODY, {})


async def test_what_a_receiver_asks_for_patience_is_told(sender: Sender, receiver: Receiver) -> None:
    receiver.answer(503, Retry_After="120")

    answer = await sender.post(receiver.url, BODY, {})

    assert timedelta(minutes=2) == answer.retry_after


async def test_no_proxy_of_the_environment_is_used(
    monkeypatch: pytest.MonkeyPatch, sender: Sender, receiver: Receiver
) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")

    answer = await sender.post(receiver.url, BODY, {})

    assert answer.accepted


async def test_an_old_protocol_is_refused(authority: Authority, tmp_path: Path, reach: Reach) -> None:
    tls = authority.context_for(tmp_path, HOST)
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        tls.maximum_version = ssl.TLSVersion.TLSv1_1

    async with receiving(tls) as old:
        sender = replace(reach, ports=(old.port,)).sender(look_up_loopback)
        with pytest.raises(NotSent):
            await sender.post(f"https://{HOST}:{old.port}/", BODY, {})
