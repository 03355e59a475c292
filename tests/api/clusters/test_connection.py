"""One request to an API server that fails: what is tried again, for how long, and what is told in the end."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from kubernetes.aio.client import ApiClient, Configuration
from kubernetes.aio.config import load_kube_config

from api.clusters.connection import CALL_SECONDS, Connection
from api.clusters.credentials import Credentials
from api.clusters.models import Kubeconfig
from api.errors import ConfigurationError, MoorageError, Unavailable
from tests.api.clusters.scripted_api import ScriptedApi
from tests.api.servers import write_kubeconfig

PLACE = "/api/v1/pods"


@pytest.fixture
async def calls(connection: Connection) -> AsyncIterator[Calls]:
    async with Calls(connection) as calls:
        yield calls


class Calls:
    """Requests under way beside the test, which answers them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._tasks: list[asyncio.Task[Any]] = []

    async def __aenter__(self) -> Calls:
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def get(self) -> asyncio.Task[Any]:
        return self._begun(self._connection.get(PLACE))

    def write(self, method: str) -> asyncio.Task[Any]:
        return self._begun(self._connection.write(method, PLACE, {}))

    def stream(self) -> asyncio.Task[Any]:
        async def opened() -> None:
            async with self._connection.stream(PLACE, {"watch": "1"}):
                pass

        return self._begun(opened())

    def _begun(self, call: Any) -> asyncio.Task[Any]:
        self._tasks.append(asyncio.create_task(call))
        return self._tasks[-1]


async def error_of(call: asyncio.Task[Any]) -> MoorageError:
    with pytest.raises(MoorageError) as raised:
        await call
    return raised.value


async def test_a_server_that_fails_for_a_moment_is_not_noticed(api: ScriptedApi, calls: Calls) -> None:
    call = calls.get()
    for _ in range(3):
        (await api.request()).refuse(503)

    (await api.request()).answer(b"well")

    assert b"well" == await call


async def test_a_server_that_goes_on_failing_is_told_after_four_tries(api: ScriptedApi, calls: Calls) -> None:
    began = time.monotonic()
    call = calls.get()
    for _ in range(4):
        (await api.request()).refuse(500, "etcdserver: request timed out")

    told = await error_of(call)

    assert (True, "etcdserver: request timed out" in told.detail) == (isinstance(told, Unavailable), True)
    assert 0.7 <= time.monotonic() - began < CALL_SECONDS
    assert api.is_quiet


@pytest.mark.parametrize("method", ["PATCH", "DELETE", "PUT"])
async def test_a_write_that_may_be_done_twice_is_repeated(api: ScriptedApi, calls: Calls, method: str) -> None:
    call = calls.write(method)
    (await api.request()).refuse(500)

    (await api.request()).answer({"kind": "Pod"})

    assert ({"kind": "Pod"}, ()) == await call


async def test_a_creation_is_not_repeated_where_it_may_have_been_done(api: ScriptedApi, calls: Calls) -> None:
    call = calls.write("POST")
    (await api.request()).refuse(500)

    told = await error_of(call)

    assert isinstance(told, Unavailable)
    assert api.is_quiet


async def test_a_creation_is_not_repeated_where_the_connection_broke(api: ScriptedApi, calls: Calls) -> None:
    call = calls.write("POST")
    (await api.request()).reset()

    told = await error_of(call)

    assert "The cluster does not answer" in str(told)
    assert api.is_quiet


async def test_a_creation_that_was_turned_away_unread_is_repeated(api: ScriptedApi, calls: Calls) -> None:
    call = calls.write("POST")
    (await api.request()).refuse(429)

    (await api.request()).answer({"kind": "Pod"})

    assert ({"kind": "Pod"}, ()) == await call


async def test_a_creation_is_repeated_where_many_are_counted_at_once(api: ScriptedApi, calls: Calls) -> None:
    """The quota is counted before anything is stored: nothing was done."""
    call = calls.write("POST")
    said = 'Operation cannot be fulfilled on resourcequotas "quota": the object has been modified'
    (await api.request()).refuse(409, said, reason="Conflict")

    (await api.request()).answer({"kind": "Pod"})

    assert ({"kind": "Pod"}, ()) == await call


async def test_a_server_that_wants_a_long_rest_is_not_waited_for(api: ScriptedApi, calls: Calls) -> None:
    call = calls.get()
    began = time.monotonic()
    (await api.request()).refuse(429, Retry_After="60")

    told = await error_of(call)

    assert "The cluster is busy" in str(told)
    assert time.monotonic() - began < CALL_SECONDS


@pytest.mark.parametrize("code", [400, 403, 404, 405, 409, 422])
async def test_a_refusal_is_an_answer_and_not_asked_for_again(api: ScriptedApi, calls: Calls, code: int) -> None:
    call = calls.get()
    (await api.request()).refuse(code, "as it is")

    assert "as it is" in str(await error_of(call))
    assert api.is_quiet


async def test_a_server_that_says_nothing_is_given_up(api: ScriptedApi, calls: Calls) -> None:
    began = time.monotonic()

    told = await asyncio.gather(error_of(calls.get()), error_of(calls.write("POST")), error_of(calls.stream()))

    assert ["The cluster did not answer within 3.5 s."] * 3 == [str(each) for each in told]
    assert time.monotonic() - began < CALL_SECONDS + 1


@pytest.mark.parametrize("body", [b"<html>", b"[]", b"", b'{"kind": '])
async def test_an_answer_that_is_no_object_is_told(api: ScriptedApi, calls: Calls, body: bytes) -> None:
    call = calls.write("PATCH")
    (await api.request()).answer(body)

    assert "What answers is no Kubernetes API server." == str(await error_of(call))


@pytest.mark.parametrize("body", [b"<html>gateway</html>", b'["x"]', b'{"details": null, "message": null}'])
async def test_a_refusal_in_no_known_form_is_told_by_its_code(api: ScriptedApi, calls: Calls, body: bytes) -> None:
    call = calls.get()
    (await api.request()).answer(body, code=418)

    assert "the API server answered 418" in str(await error_of(call))


async def test_a_watch_that_is_refused_is_told_in_the_same_words(api: ScriptedApi, calls: Calls) -> None:
    call = calls.stream()
    (await api.request()).refuse(429, "too many requests")

    told = await error_of(call)

    assert ("The cluster is busy just now. Try again in a moment.", "too many requests") == (str(told), told.detail)


async def test_warnings_are_handed_on_as_text(api: ScriptedApi, calls: Calls) -> None:
    call = calls.write("PATCH")
    (await api.request()).answer({}, Warning=r'299 - "would violate \"restricted\", C:\\ and \"baseline\""')

    assert ({}, (r'would violate "restricted", C:\ and "baseline"',)) == await call


async def test_a_token_that_is_no_longer_taken_is_read_again(api: ScriptedApi, tmp_path: Path) -> None:
    kubeconfig = tmp_path / "kubeconfig"

    async def load(configuration: Configuration) -> None:
        await load_kube_config(config_file=str(kubeconfig), client_configuration=configuration)

    write_kubeconfig(kubeconfig, api.url, "old")
    credentials = Credentials(load)
    await load(credentials.configuration)
    async with ApiClient(credentials.configuration) as client, Calls(Connection(client, credentials)) as calls:
        write_kubeconfig(kubeconfig, api.url, "new")
        call = calls.get()
        old = await api.request()
        old.refuse(401)

        new = await api.request()
        new.answer(b"well")

        assert (b"well", "old", "new") == (await call, old.token, new.token)


async def test_credentials_that_are_never_taken_are_not_read_for_ever(api: ScriptedApi, calls: Calls) -> None:
    call = calls.get()
    (await api.request()).refuse(401)

    assert "does not accept Moorage's credentials" in str(await error_of(call))
    assert api.is_quiet


@pytest.mark.parametrize("content", ["", "no: kubeconfig", "{", "clusters: [{}]"])
async def test_a_kubeconfig_that_cannot_be_read_is_named_as_the_setting(tmp_path: Path, content: str) -> None:
    kubeconfig = tmp_path / "kubeconfig"
    kubeconfig.write_text(content)

    with pytest.raises(ConfigurationError) as told:
        async with Connection.open(Kubeconfig(kubeconfig)):
            pass

    assert "MOORAGE_KUBECONFIG" == told.value.setting


async def test_a_kubeconfig_that_is_not_there_is_named(tmp_path: Path) -> None:
    missing = tmp_path / "kubeconfig"

    with pytest.raises(ConfigurationError, match=f"there is no file {missing}") as told:
        async with Connection.open(Kubeconfig(missing)):
            pytest.fail("a connection to nowhere was opened")

    assert "MOORAGE_KUBECONFIG" == told.value.setting


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\x00\x01 garbage", "is no kubeconfig: it is not YAML"),
        (b"garbage", "is no kubeconfig: it has no list of clusters, contexts"),
        (b"clusters: []", "is no kubeconfig: it has no list of contexts"),
        (b"clusters: [{}]\ncontexts: [{}]", "current-context"),
    ],
)
async def test_a_kubeconfig_that_is_none_says_what_it_lacks(tmp_path: Path, content: bytes, told: str) -> None:
    kubeconfig = tmp_path / "kubeconfig"
    kubeconfig.write_bytes(content)

    with pytest.raises(ConfigurationError, match=told):
        async with Connection.open(Kubeconfig(kubeconfig)):
            pytest.fail("a connection to nowhere was opened")
