"""What an app becomes: every promise of the manifests that its developer did not have to ask for."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given

from api.clusters.objects import APP_NAME, MANAGED_BY, MANAGER, REVISION, WORKLOAD_ID
from api.manifests.builder import Object, build, pod_from
from api.manifests.models import EnvironmentVariable, Probe, SecretVariable, WorkloadSize, WorkloadSpec
from api.manifests.quantities import parse
from api.manifests.secrets import secrets_of, with_values
from api.manifests.sizes import MEBIBYTE, preset
from tests.api.manifests import specs
from tests.api.manifests.specs import (
    DATABASE,
    NIGHTLY,
    WEB,
    accepted_specs,
    bounded,
    built,
    checked,
    container_of,
    pod_of,
    with_environment,
    with_secrets,
)


def environment_of(spec: WorkloadSpec) -> dict[str, str]:
    """The variables of a container of `spec` as the process sees them, secrets as `(Secret/key)`."""
    seen: dict[str, str] = {}
    for variable in container_of(spec).get("env", ()):
        if "value" in variable:
            seen[variable["name"]] = expanded(variable["value"], seen)
        else:
            reference = variable["valueFrom"]["secretKeyRef"]
            seen[variable["name"]] = f"({reference['name']}/{reference['key']})"
    return seen


def expanded(value: str, known: dict[str, str]) -> str:
    """What the kubelet makes of a value: k8s.io/kubernetes/third_party/forked/golang/expansion."""

    def meaning(match: re.Match[str]) -> str:
        return "$" if match[0] == "$$" else known.get(match[1], match[0])

    return re.sub(r"\$\$|\$\(([^)]*)\)", meaning, value)


def test_an_app_with_everything_is_its_objects_in_the_order_in_which_they_are_needed() -> None:
    assert ["Secret", "Service", "PodDisruptionBudget", "Deployment"] == list(built(with_secrets(TOKEN="x")))


def test_an_app_of_one_pod_without_port_and_secrets_is_a_deployment() -> None:
    assert ["Deployment"] == list(built(replace(WEB, port=None, replicas=1)))


@pytest.mark.parametrize(("replicas", "has_one"), [(0, False), (1, False), (2, True), (50, True)])
def test_nodes_are_drained_a_pod_at_a_time_where_there_is_another(replicas: int, has_one: bool) -> None:
    """With one replica a budget would forbid the draining altogether."""
    assert has_one == ("PodDisruptionBudget" in built(replace(WEB, replicas=replicas)))


def test_a_budget_is_of_the_pods_of_its_app_only() -> None:
    objects = built(WEB)
    budget, template = objects["PodDisruptionBudget"]["spec"], objects["Deployment"]["spec"]["template"]

    assert 1 == budget["maxUnavailable"]
    assert budget["selector"]["matchLabels"].items() <= template["metadata"]["labels"].items()


def test_pods_are_spread_where_that_can_be_had() -> None:
    pod = pod_from(built(WEB)["Deployment"])["spec"]

    spread = {each["topologyKey"]: each["whenUnsatisfiable"] for each in pod["topologySpreadConstraints"]}

    assert {"kubernetes.io/hostname": "ScheduleAnyway", "topology.kubernetes.io/zone": "ScheduleAnyway"} == spread


@bounded
@given(accepted_specs())
def test_every_object_carries_name_namespace_and_owner(spec: WorkloadSpec) -> None:
    expected = {APP_NAME: spec.name, MANAGED_BY: MANAGER, WORKLOAD_ID: str(specs.WORKLOAD_ID)}

    for manifest in built(spec).values():
        assert expected == manifest["metadata"]["labels"]
        assert "ada-4k2m" == manifest["metadata"]["namespace"]
        assert manifest["metadata"]["name"] in {
            spec.name,
            *(f"{spec.name}-{each}" for each in ("secrets", "files", "registry", "pods", "1")),
        }


@bounded
@given(accepted_specs())
def test_pods_keep_the_restricted_standard(spec: WorkloadSpec) -> None:
    """https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted"""
    pod = pod_of(spec)
    (container,) = pod["containers"]

    assert pod["securityContext"]["runAsNonRoot"] is True
    assert {"type": "RuntimeDefault"} == pod["securityContext"]["seccompProfile"]
    assert container["securityContext"]["allowPrivilegeEscalation"] is False
    assert {"drop": ["ALL"]} == container["securityContext"]["capabilities"]
    assert 0 != container["securityContext"].get("runAsUser", 1)
    assert {"hostNetwork", "hostPID", "hostIPC", "serviceAccountName"}.isdisjoint(pod)
    sources = {source for volume in pod.get("volumes", ()) for source in volume.keys() - {"name"}}
    assert sources <= {"configMap", "persistentVolumeClaim", "secret"}
    assert all("hostPort" not in port for port in container.get("ports", []))


def test_pods_get_no_service_account_token_and_no_addresses_of_neighbours() -> None:
    pod = built(WEB)["Deployment"]["spec"]["template"]["spec"]

    assert pod["automountServiceAccountToken"] is False
    assert pod["enableServiceLinks"] is False


def test_the_user_is_set_only_where_one_is_asked_for() -> None:
    assert "runAsUser" not in container_of(WEB)["securityContext"]
    assert 1000 == container_of(replace(WEB, run_as_user=1000))["securityContext"]["runAsUser"]


def test_a_rolling_update_never_drops_below_the_replicas_asked_for() -> None:
    strategy = {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1}}

    assert strategy == built(WEB)["Deployment"]["spec"]["strategy"]


def test_where_there_is_no_room_for_one_more_a_pod_goes_before_its_successor_comes() -> None:
    in_place = built(replace(WEB, surge=False))["Deployment"]["spec"]["strategy"]["rollingUpdate"]

    assert {"maxUnavailable": 1, "maxSurge": 0} == in_place


def test_pods_are_ready_once_their_port_answers() -> None:
    container = container_of(WEB)

    assert [{"name": "http", "containerPort": 8080, "protocol": "TCP"}] == container["ports"]
    assert {"port": "http"} == container["readinessProbe"]["tcpSocket"]


def test_an_app_without_a_port_has_no_probe() -> None:
    assert {"ports", "readinessProbe"}.isdisjoint(container_of(replace(WEB, port=None)))


@pytest.mark.parametrize(
    ("probe", "question"),
    [
        (Probe(), {"tcpSocket": {"port": "http"}}),
        (Probe(path="/healthz"), {"httpGet": {"path": "/healthz", "port": "http"}}),
        (Probe(command=("/bin/check", "-q")), {"exec": {"command": ["/bin/check", "-q"]}}),
    ],
)
@pytest.mark.parametrize("name", ["startup", "liveness", "readiness"])
def test_a_check_asks_as_it_was_described(name: str, probe: Probe, question: dict[str, object]) -> None:
    times = {"periodSeconds": 10, "timeoutSeconds": 2, "failureThreshold": 3}

    assert {**question, **times} == container_of(checked(name, probe))[f"{name}Probe"]


def test_a_check_waits_only_where_it_is_to() -> None:
    waiting = container_of(replace(WEB, liveness=Probe(delay_seconds=5)))["livenessProbe"]

    assert 5 == waiting["initialDelaySeconds"]
    assert "initialDelaySeconds" not in container_of(WEB)["readinessProbe"]


def test_a_command_and_its_arguments_stand_in_for_the_images_own() -> None:
    container = container_of(replace(WEB, command=("/app/serve",), arguments=("--port", "$(PORT)")))

    assert (["/app/serve"], ["--port", "$(PORT)"]) == (container["command"], container["args"])
    assert {"command", "args"}.isdisjoint(container_of(WEB))


def test_pods_have_the_time_to_shut_down_that_was_asked_for() -> None:
    pod = pod_from(built(replace(WEB, shutdown_seconds=90))["Deployment"])["spec"]

    assert 90 == pod["terminationGracePeriodSeconds"]


def test_the_service_leads_to_the_pods_of_its_app_only() -> None:
    objects = built(WEB)
    service, template = objects["Service"]["spec"], objects["Deployment"]["spec"]["template"]

    assert {WORKLOAD_ID: str(specs.WORKLOAD_ID)} == service["selector"]
    assert service["selector"].items() <= template["metadata"]["labels"].items()
    assert ("ClusterIP", 8080, "http") == (
        service["type"],
        service["ports"][0]["port"],
        service["ports"][0]["targetPort"],
    )


def test_the_selector_never_changes_with_the_spec() -> None:
    """A Deployment's selector is immutable."""
    renamed = replace(WEB, image="registry.example/other:2", port=None, size=WorkloadSize.L)

    assert built(WEB)["Deployment"]["spec"]["selector"] == built(renamed)["Deployment"]["spec"]["selector"]


@pytest.mark.parametrize("size", WorkloadSize)
def test_resources_are_those_of_the_size(size: WorkloadSize) -> None:
    resources = container_of(replace(WEB, size=size))["resources"]
    amounts = {kind: {name: float(parse(text)) for name, text in each.items()} for kind, each in resources.items()}
    expected = preset(size)

    requested = {"cpu": expected.cpu_request_millicores / 1000, "memory": expected.memory_request_mib * MEBIBYTE}
    limits = {"cpu": expected.cpu_limit_millicores / 1000, "memory": expected.memory_limit_mib * MEBIBYTE}
    assert {"requests": requested, "limits": limits} == amounts


def test_the_app_is_told_its_port() -> None:
    assert {"PORT": "8080"} == environment_of(WEB)
    assert {} == environment_of(replace(WEB, port=None))


def test_a_port_variable_of_the_apps_own_stands() -> None:
    assert {"PORT": "9000"} == environment_of(with_environment(PORT="9000"))
    assert {"PORT": "(web-secrets/PORT)"} == environment_of(with_secrets(PORT="x"))


@bounded
@given(accepted_specs())
def test_every_variable_is_what_was_typed(spec: WorkloadSpec) -> None:
    seen = environment_of(spec)

    for variable in spec.environment:
        assert variable.value == seen[variable.name]


@pytest.mark.parametrize("value", ["pa$$word", "$(PORT)", "$$(PORT)", "$$$", "$(", "$", "a$b"])
def test_kubernetes_finds_nothing_to_expand_in_a_value(value: str) -> None:
    assert value == environment_of(with_environment(A=value))["A"]


def test_a_value_is_left_readable_where_kubernetes_takes_it_literally() -> None:
    assert {"name": "PRICE", "value": "5$"} in container_of(with_environment(PRICE="5$"))["env"]


@bounded
@given(accepted_specs())
def test_values_of_secrets_are_in_the_secret_and_nowhere_else(spec: WorkloadSpec) -> None:
    values = {each.name: f"canary-{number}-7d1f" for number, each in enumerate(secrets_of(spec))}
    objects = built(with_values(spec, values))

    secret = objects.pop("Secret", {"data": {}})

    assert "canary" not in json.dumps(objects)
    if spec.registry_credentials is None:
        decoded = [base64.b64decode(value).decode() for value in secret["data"].values()]
        assert list(values.values()) == decoded


def test_a_secret_that_is_not_asked_for_is_not_written() -> None:
    objects = build(
        with_secrets(TOKEN=None),
        namespace="ada-4k2m",
        workload_id=specs.WORKLOAD_ID,
        revision=1,
        template_revision=1,
        secret_values={"TOKEN": "kept", "FORMER": "gone"},
    )

    assert {"TOKEN"} == objects[0]["data"].keys()


def test_the_deployment_carries_its_revision_and_the_pods_the_one_that_changed_them() -> None:
    deployment = built(WEB, revision=7, template_revision=5)["Deployment"]

    assert {REVISION: "7"} == deployment["metadata"]["annotations"]
    assert {REVISION: "5"} == deployment["spec"]["template"]["metadata"]["annotations"]


def test_scaling_leaves_the_pod_template_alone() -> None:
    one, five = built(replace(WEB, replicas=1)), built(replace(WEB, replicas=5), revision=2)

    assert one["Deployment"]["spec"]["template"] == five["Deployment"]["spec"]["template"]
    assert (1, 5) == (one["Deployment"]["spec"]["replicas"], five["Deployment"]["spec"]["replicas"])


@bounded
@given(accepted_specs())
def test_the_same_spec_gives_the_same_manifests(spec: WorkloadSpec) -> None:
    assert json.dumps(built(spec)) == json.dumps(built(spec))


@pytest.mark.parametrize("spec", [with_secrets(TOKEN="x"), DATABASE, NIGHTLY], ids=lambda spec: spec.kind.value)
def test_manifests_share_nothing_that_changing_one_would_change_in_another(spec: WorkloadSpec) -> None:
    holders = [each for manifest in built(spec).values() for each in _holders(manifest)]

    assert len(holders) == len({id(holder) for holder in holders})


def _holders(value: object) -> Iterator[object]:
    """Every dict and list in a manifest."""
    if isinstance(value, dict | list):
        yield value
        for item in value.values() if isinstance(value, dict) else value:
            yield from _holders(item)


def test_the_pod_of_a_dry_run_is_what_the_deployment_would_create() -> None:
    deployment: Object = built(with_environment(A="1"))["Deployment"]
    template = deployment["spec"]["template"]

    pod = pod_from(deployment)

    assert ("Pod", "v1", template["spec"]) == (pod["kind"], pod["apiVersion"], pod["spec"])
    assert template["metadata"]["labels"] == pod["metadata"]["labels"]
    assert ("ada-4k2m", "web-plan") == (pod["metadata"]["namespace"], pod["metadata"]["name"])


def test_variables_come_in_the_order_of_the_form() -> None:
    spec = replace(
        WEB,
        environment=(EnvironmentVariable("B", "1"), EnvironmentVariable("A", "2")),
        secrets=(SecretVariable("D", "3"), SecretVariable("C", "4")),
    )

    assert ["PORT", "B", "A", "D", "C"] == list(environment_of(spec))
