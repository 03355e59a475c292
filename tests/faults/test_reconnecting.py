"""Readers that are cut off and come back while apps are rolled out, on two replicas: nothing lost, nothing doubled.

SECURITY 34. The full size is marked `bench`. MOORAGE_TEST_SEED names another order of kills.
"""

from __future__ import annotations

import time
from collections import Counter
from contextlib import aclosing
from dataclasses import dataclass, replace

import pytest

from api.authorization.models import Principal
from api.workloads.feed import KEPT, MOST_BEHIND
from api.workloads.streams import CATCH_UP_SECONDS
from api.workloads.updates import ResetReason
from tests.api.servers import ApiServer
from tests.api.workloads.apps import WEB as APP
from tests.api.workloads.apps import Apps
from tests.faults.comparing import DEADS, OTHERS, Seen, sequence_of, states
from tests.faults.figures import Figures
from tests.faults.reconnecting import REPLICAS, Run
from tests.faults.replicas import Site, replica

LIMIT_SECONDS = 900
IN_BUFFERS = 150
"""Large messages, twice what the server and the system take for a reader that reads none (4 MiB or so)."""


@dataclass(frozen=True, slots=True)
class Size:
    """Of a run: how many rollouts, how many kills of readers there are in them at least, and of replicas."""

    rollouts: int
    kills: int
    replicas: int = 0

    def __str__(self) -> str:
        return f"{self.rollouts} rollouts"


@pytest.mark.timeout(LIMIT_SECONDS)
@pytest.mark.parametrize("size", [Size(5, 20), pytest.param(Size(50, 200), marks=pytest.mark.bench)], ids=str)
async def test_who_is_cut_off_is_told_what_those_are_told_who_stay(
    site: Site, api_server: ApiServer, secret: str, figures: Figures, size: Size
) -> None:
    """On the replica that they were cut off from every message of it, once; on another one all that there is."""
    async with Run.open(site, secret) as run:
        loyal, roaming = run.add_loyal(), run.add_roaming()
        began = time.monotonic()
        for number in range(size.rollouts):
            await run.roll_out(number)
        await run.end()
        of_loyal, of_roaming = (Seen.of(each, run.fleet.references) for each in (loyal, roaming))
        took = time.monotonic() - began

        assert (0, 0, 0) == of_loyal.compared.wrong, "lost, doubled, out of turn"
        assert (0, 0, 0) == of_roaming.compared.wrong, "lost, doubled, out of turn"
        assert [] == of_loyal.wrong + of_roaming.wrong
        await run.agrees()

    assert Counter() == of_loyal.resets
    assert {OTHERS} == of_roaming.resets.keys()
    assert size.kills <= of_loyal.kills + of_roaming.kills
    where = f"{size.rollouts} rollouts on {name_of(api_server)}"
    figures.note(34, f"{where}, back to the same", f"{of_loyal} ({took:.0f} s)")
    figures.note(34, f"{where}, to either", str(of_roaming))


@pytest.mark.timeout(LIMIT_SECONDS)
@pytest.mark.parametrize("size", [Size(3, 10, 1), pytest.param(Size(20, 80, 6), marks=pytest.mark.bench)], ids=str)
async def test_who_followed_a_replica_that_is_killed_knows_in_the_end_what_there_is(
    site: Site, api_server: ApiServer, secret: str, figures: Figures, size: Size
) -> None:
    async with Run.open(site, secret) as run:
        run.add_loyal()
        run.add_roaming()
        began = time.monotonic()
        for number in range(size.rollouts):
            if number % (size.rollouts // size.replicas) == 0:
                await run.restart(number, number % REPLICAS)
            await run.roll_out(number)
        await run.end()
        seen = Seen.of(run.flaky, run.fleet.references)
        took = time.monotonic() - began

        assert (0, 0, 0) == seen.compared.wrong, "lost, doubled, out of turn"
        assert [] == seen.wrong
        await run.agrees()

    assert seen.resets.keys() <= {OTHERS, DEADS}
    assert seen.resets[DEADS] > 0
    assert size.kills <= seen.kills
    figures.note(
        34, f"{size.rollouts} rollouts on {name_of(api_server)}, {run.killed} replicas killed", f"{seen} ({took:.0f} s)"
    )


async def test_who_comes_from_a_replica_that_was_started_later_is_answered_at_once(
    site: Site, api_server: ApiServer, ada: Principal, figures: Figures
) -> None:
    """Though that one has read everything later, of kinds too in which nothing has happened for long."""
    async with replica(site) as first:
        apps = Apps(first.workloads, ada, await first.namespaces.create(ada, "shop"))
        await apps.deploy_until_ready(replace(APP, replicas=1))
        async with replica(site) as later, aclosing(later.workloads.watch(ada, apps.namespace.slug, APP.name)) as there:
            cursor = (await anext(there)).cursor
            async with aclosing(first.workloads.watch(ada, apps.namespace.slug, APP.name, cursor)) as here:
                began = time.monotonic()
                reset = await anext(here)
                took = time.monotonic() - began
        await first.namespaces.delete(ada, apps.namespace.slug)

    assert ResetReason.UNKNOWN_STREAM == reset.reset
    assert took < CATCH_UP_SECONDS / 2
    figures.note(34, f"from a replica that was started later, on {name_of(api_server)}", f"RESET after {took:.3f} s")


async def test_who_does_not_read_is_told_the_latest_and_how_many_messages_are_left_out(
    site: Site, api_server: ApiServer, secret: str, figures: Figures
) -> None:
    async with Run.open(site, secret) as run:
        sleeper, reference = await run.sleep_through(MOST_BEHIND + IN_BUFFERS, until="LAGGED")
        begin, *places = [sequence_of(each) for each in sleeper.messages if each.is_event or each.kind == "SYNCED"]
        dropped = sum(each.payload["dropped"] for each in sleeper.messages)
        expected = len([each for each in reference.messages if each.is_event and sequence_of(each) > begin])
        known, there = states(sleeper.apps.values()), states(reference.apps.values())

    assert {"SNAPSHOT", "SYNCED", "CHANGE", "LAGGED"} == {each.kind for each in sleeper.messages}
    assert sorted(set(places)) == places
    assert expected == len(places) + dropped
    assert there == known
    seen = f"{len(places)} of {expected} messages told, {dropped} said to be left out; final state equal"
    figures.note(30, f"a reader asleep on {name_of(api_server)}", seen)


async def test_who_does_not_read_for_longer_than_is_kept_begins_anew(
    site: Site, api_server: ApiServer, secret: str, figures: Figures
) -> None:
    async with Run.open(site, secret) as run:
        sleeper, reference = await run.sleep_through(KEPT + IN_BUFFERS, until="RESET")
        reasons = [each.payload["resetReason"] for each in sleeper.messages if each.kind == "RESET"]
        known, there = states(sleeper.apps.values()), states(reference.apps.values())

    assert ["TOO_OLD"] == reasons
    assert there == known
    figures.note(30, f"a reader asleep for longer on {name_of(api_server)}", "1 RESET, TOO_OLD; final state equal")


def name_of(server: ApiServer) -> str:
    """Only the real one has a certificate."""
    return "the devcluster" if server.tls else "the embedded cluster"
