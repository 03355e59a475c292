"""A field of an object leads back to the field of the form that it was built from."""

from __future__ import annotations

from dataclasses import replace

import pytest

from api.errors import FieldPath
from api.manifests.field_paths import input_path
from api.manifests.models import ConfigFile, EnvironmentVariable, Probe, SecretVariable
from tests.api.manifests.specs import WEB

SPEC = replace(
    WEB,
    environment=(EnvironmentVariable("A", "1"), EnvironmentVariable("B", "2")),
    secrets=(SecretVariable("TOKEN", "x"),),
    liveness=Probe(command=("true",)),
)
POD = "spec.template.spec"
APP = f"{POD}.containers[0]"


@pytest.mark.parametrize(
    ("field", "path"),
    [
        ("metadata.name", ("name",)),
        (f"{APP}.image", ("image",)),
        ("spec.containers[0].image", ("image",)),
        (f"spec.jobTemplate.{APP}.image", ("image",)),
        (f'{POD}.containers[name="app"].image', ("image",)),
        (f"{APP}.env[0].value", ("port",)),
        (f"{APP}.env[1].name", ("environment", 0, "name")),
        (f"{APP}.env[2].value", ("environment", 1, "value")),
        (f"{APP}.env[3].valueFrom.secretKeyRef.key", ("secrets", 0)),
        (f"{APP}.env[3].valueFrom.secretKeyRef.name", ("name",)),
        ("spec.volumes[0].persistentVolumeClaim.claimName", ("name",)),
        (f"{POD}.volumes[0].configMap.name", ("name",)),
        (f"{POD}.volumes[0].secret.secretName", ("name",)),
        (f"{POD}.imagePullSecrets[0].name", ("name",)),
        ("spec.scaleTargetRef.name", ("name",)),
        (f"{APP}.env[9].name", None),
        (f"{APP}.env", ("environment",)),
        (f"{APP}.command[2]", ("command", 2)),
        (f"{APP}.command", ("command",)),
        (f"{APP}.args[0]", ("arguments", 0)),
        (f"{APP}.ports[0].containerPort", ("port",)),
        (f"{APP}.resources.limits[cpu]", ("size",)),
        (f"{APP}.resources.requests", ("size",)),
        (f"{APP}.securityContext.runAsUser", ("run_as_user",)),
        (f"{POD}.securityContext.fsGroup", ("run_as_user",)),
        (f"{APP}.livenessProbe.timeoutSeconds", ("liveness", "timeout_seconds")),
        (f"{APP}.livenessProbe.exec.command", ("liveness", "command")),
        (f"{APP}.livenessProbe.httpGet.path", ("liveness", "path")),
        (f"{APP}.livenessProbe", ("liveness",)),
        (f"{APP}.readinessProbe.tcpSocket.port", ("port",)),
        (f"{APP}.volumeMounts[1].mountPath", ("volumes", 1, "path")),
        (f"{APP}.volumeMounts[1].name", ("volumes", 1, "name")),
        (f"{POD}.terminationGracePeriodSeconds", ("shutdown_seconds",)),
        ("spec.replicas", ("replicas",)),
        ("spec.strategy.rollingUpdate.maxSurge", ("surge",)),
        ("spec.ports[0].port", ("port",)),
        ("spec.schedule", ("schedule", "cron")),
        ("spec.timeZone", ("schedule", "time_zone")),
        ("spec.jobTemplate.spec.backoffLimit", ("retries",)),
        ("spec.activeDeadlineSeconds", ("time_limit_seconds",)),
        ("spec.volumeClaimTemplates[1].spec.resources[storage]", ("volumes", 1, "size_gib")),
        ("spec.volumeClaimTemplates[0].spec.storageClassName", ("volumes", 0, "storage_class")),
        ("spec.volumeClaimTemplates", ("volumes",)),
        ("data[TOKEN]", ("secrets", 0, "name")),
        ("data", ("secrets",)),
        (f"{APP}.imagePullPolicy", None),
        ("spec.selector", None),
        ("spec.template.metadata.labels", ("name",)),
        ("spec.jobTemplate.metadata.labels", ("name",)),
        ("metadata.labels", ("name",)),
        ("metadata.namespace", None),
    ],
)
def test_a_field_of_an_object_is_a_field_of_the_form_or_none(field: str, path: FieldPath | None) -> None:
    assert path == input_path(SPEC, field)


@pytest.mark.parametrize("path", ["", "]", "a]b\n", "[c]"])
def test_a_key_that_no_cluster_takes_leads_to_its_file(path: str) -> None:
    """The API server repeats a key as it was sent, between brackets."""
    spec = replace(SPEC, files=(ConfigFile("/kept", ""), ConfigFile(path, "")))

    assert ("files", 1, "path") == input_path(spec, f"data[{path}]")
