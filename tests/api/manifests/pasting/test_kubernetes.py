"""Objects of Kubernetes as values of the form."""

from __future__ import annotations

import pytest

from api.errors import InvalidInput
from api.manifests.export import ExportFormat, export
from api.manifests.models import EnvironmentVariable, Probe, WorkloadSize, WorkloadSpec
from api.manifests.pasting.models import PasteSource
from api.manifests.pasting.reading import read

DEPLOYMENT = """
apiVersion: v1
kind: Service
metadata: {name: web}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 3
  selector: {matchLabels: {app: web}}
  template:
    spec:
      terminationGracePeriodSeconds: 45
      securityContext: {runAsUser: 1000}
      serviceAccountName: web
      volumes: [{name: data, emptyDir: {}}]
      containers:
      - name: web
        image: ghcr.io/ada/engine:1.4
        command: [/serve]
        args: [--verbose]
        ports: [{containerPort: 8080}, {containerPort: 9090}]
        env:
        - {name: GREETING, value: "yes"}
        - {name: DB_PASSWORD, valueFrom: {secretKeyRef: {name: db, key: password}}}
        resources: {requests: {memory: 64Mi}, limits: {cpu: 400m, memory: 300Mi}}
        readinessProbe: {httpGet: {path: /ready, port: 8080}, periodSeconds: 7}
        livenessProbe: {exec: {command: [check]}, initialDelaySeconds: 9, failureThreshold: 2}
        startupProbe: {grpc: {port: 9}}
        volumeMounts: [{name: data, mountPath: /data}]
      - {name: sidecar, image: envoy}
"""


def test_a_deployment_fills_the_form() -> None:
    pasted = read(DEPLOYMENT)

    assert (PasteSource.KUBERNETES, "web", "ghcr.io/ada/engine:1.4", 8080, 3) == (
        pasted.source,
        pasted.name,
        pasted.image,
        pasted.port,
        pasted.replicas,
    )
    assert (("/serve",), ("--verbose",)) == (pasted.command, pasted.arguments)
    assert (WorkloadSize.M, 1000, 45) == (pasted.size, pasted.run_as_user, pasted.shutdown_seconds)
    assert (EnvironmentVariable("GREETING", "yes"),) == pasted.environment


def test_probes_ask_what_they_asked() -> None:
    pasted = read(DEPLOYMENT)

    assert Probe(path="/ready", period_seconds=7, timeout_seconds=1) == pasted.readiness
    assert Probe(command=("check",), delay_seconds=9, failures=2, timeout_seconds=1) == pasted.liveness
    assert pasted.startup is None


def test_what_fits_no_field_is_listed() -> None:
    container = "spec.template.spec.containers[web]"

    assert {
        "Service web",
        "spec.template.spec.serviceAccountName",
        "spec.template.spec.volumes",
        "spec.template.spec.containers[sidecar]",
        f"{container}.ports[9090]",
        f"{container}.env[DB_PASSWORD]",
        f"{container}.startupProbe",
        f"{container}.volumeMounts",
    } == {each.what for each in read(DEPLOYMENT).left_out}


@pytest.mark.parametrize("kind", ["StatefulSet", "Job", "DaemonSet"])
def test_another_kind_becomes_a_web_service_and_says_so(kind: str) -> None:
    pasted = read(DEPLOYMENT.replace("kind: Deployment", f"kind: {kind}"))

    assert f"kind: {kind}" in [each.what for each in pasted.left_out]
    assert "ghcr.io/ada/engine:1.4" == pasted.image


def test_a_schedule_is_left_out() -> None:
    job = """
    apiVersion: batch/v1
    kind: CronJob
    metadata: {name: nightly}
    spec:
      schedule: "0 3 * * *"
      jobTemplate: {spec: {template: {spec: {containers: [{name: job, image: x}]}}}}
    """

    assert {"kind: CronJob", "spec.schedule"} == {each.what for each in read(job).left_out}


def test_what_is_exported_is_read_back() -> None:
    spec = WorkloadSpec(
        name="web",
        image="ghcr.io/ada/engine:1.4",
        port=8080,
        size=WorkloadSize.L,
        replicas=2,
        environment=(EnvironmentVariable("PORT", "8080"), EnvironmentVariable("A", "1e3")),
        run_as_user=1000,
        command=("/serve",),
        liveness=Probe(path="/alive"),
    )

    (file,) = export(spec, ExportFormat.MANIFESTS)
    pasted = read(file.content)

    fields = ("name", "image", "port", "size", "replicas", "environment", "run_as_user", "command", "liveness")
    assert [getattr(spec, field) for field in fields] == [getattr(pasted, field) for field in fields]


def test_objects_without_a_workload_are_refused() -> None:
    with pytest.raises(InvalidInput, match="This is Service, ConfigMap, and no workload"):
        read("apiVersion: v1\nkind: Service\n---\napiVersion: v1\nkind: ConfigMap\n")
