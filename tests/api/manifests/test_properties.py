"""Properties of the builder, on either API server: what the rules accept is admitted; what they refuse names its field.

MOORAGE_TEST_EXAMPLES sets how many specs are tried of each.
"""

from __future__ import annotations

import asyncio
import os
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings

from api.clusters.cluster import Cluster
from api.errors import ExpectedFailure, InvalidInputs
from api.manifests.builder import Object, build, pod_from
from api.manifests.models import WorkloadSpec
from api.manifests.validation import validate
from api.workloads.refusals import about_fields_of
from tests.api.manifests.mutations import Mutation, mutations
from tests.api.manifests.specs import accepted_specs, values_of

EXAMPLES = int(os.environ.get("MOORAGE_TEST_EXAMPLES", "60"))
_each = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much],
)
"""One cluster and one namespace for all examples: nothing of them is stored."""


def objects(spec: WorkloadSpec, slug: str) -> list[Object]:
    """The objects of `spec`, and a pod of it."""
    made = build(
        spec,
        namespace=slug,
        workload_id=uuid4(),
        revision=1,
        template_revision=1,
        secret_values=values_of(spec),
    )
    return [*made, pod_from(made[-1])]


async def refusals(cluster: Cluster, spec: WorkloadSpec, slug: str) -> list[ExpectedFailure]:
    """Why the API server does not take the objects of `spec`; empty where it does."""
    failures: list[ExpectedFailure] = []
    for manifest in objects(spec, slug):
        try:
            with about_fields_of(spec):
                await cluster.create(manifest, dry_run=True)
        except InvalidInputs as several:
            failures += several.failures
        except ExpectedFailure as one:
            failures.append(one)
    return failures


@pytest.mark.timeout(600)
@_each
@given(spec=accepted_specs())
async def test_whatever_the_rules_accept_is_admitted_as_it_is(cluster: Cluster, slug: str, spec: WorkloadSpec) -> None:
    """In strict field validation, under Pod Security `restricted` and within the quota, without a warning."""
    assert [] == validate(spec)

    applied = await asyncio.gather(*(cluster.create(each, dry_run=True) for each in objects(spec, slug)))

    assert [()] * len(applied) == [each.warnings for each in applied]


@settings(max_examples=10 * EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(mutation=mutations())
def test_a_field_beyond_its_rule_is_refused_by_its_own_path(mutation: Mutation) -> None:
    assert mutation.path in {failure.path for failure in validate(mutation.spec)}


@pytest.mark.timeout(600)
@_each
@given(mutation=mutations())
async def test_what_the_cluster_refuses_too_it_refuses_of_the_same_field(
    cluster: Cluster, slug: str, mutation: Mutation
) -> None:
    """Where a rule is missing, or the cluster is stricter, the form shows the cluster's word beside its field."""
    for failure in await refusals(cluster, mutation.spec, slug):
        assert mutation.path[:1] == failure.path[:1], failure
