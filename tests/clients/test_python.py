"""A client in Python that is generated from the published schema, typed, by the tools that others use."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from uuid import uuid4

import pytest
from graphql import build_schema, parse, validate

from graphql_schema.print import SDL_FILE
from tests.clients.conftest import Installation
from tests.clients.generate import OPERATIONS, USED_FILE, used_now
from tests.clients.python.moorage_client import (
    CreateNamespaceInput,
    DeployWorkloadInput,
    MoorageClient,
    PlanWorkloadInput,
    WorkloadInput,
    WorkloadPhase,
)
from tests.clients.python.moorage_client.exceptions import GraphQLClientHttpError
from tests.clients.python.moorage_client.plan_workload import PlanWorkloadPlanWorkloadErrorsInvalidInputError

UP_SECONDS = 60


def client_of(installation: Installation, token: str | None = None) -> MoorageClient:
    authorization = f"Bearer {token or installation.token}"
    return MoorageClient(
        url=f"{installation.address}/graphql",
        headers={"Authorization": authorization},
        ws_url=f"{installation.address.replace('http', 'ws', 1)}/graphql",
        ws_connection_init_payload={"authorization": authorization},
    )


@pytest.fixture
async def client(installation: Installation) -> AsyncIterator[MoorageClient]:
    async with client_of(installation) as client:
        yield client


@pytest.fixture
async def namespace(client: MoorageClient) -> str:
    made = await client.create_namespace(CreateNamespaceInput(name=f"tide-{uuid4().hex[:6]}"))
    assert made.create_namespace is not None
    assert made.create_namespace.namespace is not None
    return made.create_namespace.namespace.slug


def workload(name: str) -> WorkloadInput:
    return WorkloadInput(name=name, image="ghcr.io/ada/engine:1.4", port=8080, replicas=2, run_as_user=1000)


def test_the_schema_is_still_what_the_client_was_generated_from() -> None:
    assert USED_FILE.read_text().splitlines() == used_now(), "run `python -m tests.clients.generate`"
    assert [] == validate(build_schema(SDL_FILE.read_text()), parse(OPERATIONS.read_text()))


def test_what_is_published_is_what_is_committed(installation: Installation) -> None:
    assert SDL_FILE.read_text() == installation.schema()


async def test_it_deploys_an_app_and_follows_it_until_it_is_up(client: MoorageClient, namespace: str) -> None:
    planned = await client.plan_workload(PlanWorkloadInput(namespace=namespace, workload=workload("tide")))
    assert planned.plan_workload is not None
    assert planned.plan_workload.plan is not None
    deployed = await client.deploy_workload(DeployWorkloadInput(plan_id=planned.plan_workload.plan.id))

    phases = await until_up(client, namespace)

    assert deployed.deploy_workload is not None
    assert deployed.deploy_workload.revision is not None
    assert (1, WorkloadPhase.READY) == (deployed.deploy_workload.revision.number, phases[-1])


async def until_up(client: MoorageClient, namespace: str) -> list[WorkloadPhase]:
    phases = []
    async with asyncio.timeout(UP_SECONDS), aclosing(client.deployment_updated(namespace, "tide")) as updates:  # type: ignore[type-var]  # an async generator, typed as an iterator
        async for update in updates:
            if update.deployment_updated.workload is not None:
                phases.append(update.deployment_updated.workload.status.phase)
                if phases[-1] is WorkloadPhase.READY:
                    break
    return phases


async def test_what_can_be_mended_is_a_typed_error_that_names_its_field(client: MoorageClient, namespace: str) -> None:
    refused = await client.plan_workload(PlanWorkloadInput(namespace=namespace, workload=workload("Not_A_Name")))

    assert refused.plan_workload is not None
    (error,) = refused.plan_workload.errors
    assert isinstance(error, PlanWorkloadPlanWorkloadErrorsInvalidInputError)
    assert ["workload", "name"] == error.path
    assert error.example


async def test_a_token_that_is_none_is_told_by_the_status(installation: Installation) -> None:
    async with client_of(installation, token="mrg_unknown") as client:
        with pytest.raises(GraphQLClientHttpError) as refused:
            await client.viewer()

    assert 401 == refused.value.status_code
