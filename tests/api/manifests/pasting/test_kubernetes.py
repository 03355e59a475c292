"""Objects of Kubernetes as values of the form."""

from __future__ import annotations

import pytest

from api.errors import InvalidInput
from api.manifests.export import ExportFormat, export
from api.manifests.models import (
    Concurrency,
    ConfigFile,
    EnvironmentVariable,
    Probe,
    RegistryCredentials,
    Resources,
    Schedule,
    SecretFile,
    Volume,
    WorkloadKind,
    WorkloadSize,
    WorkloadSpec,
)
from api.manifests.pasting.models import PasteSource
from api.manifests.pasting.reading import read
from tests.api.manifests.specs import DATABASE, JOB, NIGHTLY

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
    assert (None, Resources(400, 400, 64, 300)) == (pasted.size, pasted.resources)
    assert (1000, 45) == (pasted.run_as_user, pasted.shutdown_seconds)
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
        "spec.template.spec.containers[sidecar]",
        f"{container}.ports[9090]",
        f"{container}.env[DB_PASSWORD]",
        f"{container}.startupProbe",
        f"{container}.volumeMounts[data]",
    } == {each.what for each in read(DEPLOYMENT).left_out}


def test_what_runs_on_each_node_becomes_a_web_service_and_says_so() -> None:
    pasted = read(DEPLOYMENT.replace("kind: Deployment", "kind: DaemonSet"))

    assert "kind: DaemonSet" in [each.what for each in pasted.left_out]
    assert (WorkloadKind.WEB_SERVICE, "ghcr.io/ada/engine:1.4") == (pasted.kind, pasted.image)


def test_a_cron_job_is_a_scheduled_job() -> None:
    job = """
    apiVersion: batch/v1
    kind: CronJob
    metadata: {name: nightly}
    spec:
      schedule: "0 3 * * *"
      timeZone: Europe/Berlin
      concurrencyPolicy: Replace
      successfulJobsHistoryLimit: 1
      jobTemplate:
        spec:
          backoffLimit: 2
          activeDeadlineSeconds: 600
          completions: 5
          template: {spec: {containers: [{name: job, image: x}]}}
    """

    pasted = read(job)

    assert WorkloadKind.SCHEDULED_JOB is pasted.kind
    assert Schedule("0 3 * * *", "Europe/Berlin", Concurrency.REPLACE) == pasted.schedule
    assert (2, 600) == (pasted.retries, pasted.time_limit_seconds)
    assert ["spec.jobTemplate.spec.completions", "spec.successfulJobsHistoryLimit"] == sorted(
        each.what for each in pasted.left_out
    )


def test_the_claims_of_a_stateful_set_are_its_volumes() -> None:
    database = """
    apiVersion: apps/v1
    kind: StatefulSet
    metadata: {name: db}
    spec:
      serviceName: db
      template:
        spec:
          containers:
          - name: db
            image: postgres:18
            volumeMounts:
            - {name: data, mountPath: /var/lib/postgresql}
            - {name: tmp, mountPath: /tmp}
      volumeClaimTemplates:
      - metadata: {name: data}
        spec: {storageClassName: fast, resources: {requests: {storage: 1500Mi}}}
    """

    pasted = read(database)

    assert WorkloadKind.STATEFUL_SERVICE is pasted.kind
    assert (Volume("data", "/var/lib/postgresql", 2, "fast"),) == pasted.volumes
    assert ["spec.template.spec.containers[db].volumeMounts[tmp]"] == [each.what for each in pasted.left_out]


@pytest.mark.parametrize("spec", [DATABASE, NIGHTLY, JOB], ids=lambda spec: spec.kind.value)
def test_every_kind_that_is_exported_is_read_back(spec: WorkloadSpec) -> None:
    (file,) = export(spec, ExportFormat.MANIFESTS)
    pasted = read(file.content)

    fields = ("kind", "image", "volumes", "schedule", "retries", "time_limit_seconds")
    expected = [getattr(spec, field) for field in fields]
    if not spec.kind.runs_to_an_end:
        expected[4] = None
    assert expected == [getattr(pasted, field) for field in fields]


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


FILES = """
apiVersion: v1
kind: ConfigMap
metadata: {name: conf}
data: {a.conf: "a = 1", b.conf: "b = 2"}
---
apiVersion: v1
kind: Secret
metadata: {name: keys}
data: {tls.key: a2V5}
stringData: {other: plain}
---
apiVersion: v1
kind: Secret
metadata: {name: pull}
type: kubernetes.io/dockerconfigjson
stringData:
  .dockerconfigjson: '{"auths": {"https://index.docker.io/v1/": {"auth": "YWRhOnMzY3JldA=="}}}'
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      imagePullSecrets: [{name: pull}]
      volumes:
      - {name: conf, configMap: {name: conf}}
      - {name: keys, secret: {secretName: keys, items: [{key: tls.key, path: server.key}]}}
      - {name: cache, emptyDir: {}}
      containers:
      - name: web
        image: ada/engine:1
        volumeMounts:
        - {name: conf, mountPath: /etc/web}
        - {name: conf, mountPath: /etc/a.conf, subPath: a.conf}
        - {name: keys, mountPath: /run/keys/}
        - {name: cache, mountPath: /cache}
"""


def test_what_is_mounted_of_config_maps_and_secrets_becomes_files() -> None:
    pasted = read(FILES)

    assert (
        ConfigFile("/etc/web/a.conf", "a = 1"),
        ConfigFile("/etc/web/b.conf", "b = 2"),
        ConfigFile("/etc/a.conf", "a = 1"),
    ) == pasted.files
    assert ((SecretFile("/run/keys/server.key", "key")),) == pasted.secret_files


def test_a_pull_secret_that_is_pasted_too_becomes_credentials() -> None:
    assert RegistryCredentials("ada", "s3cret", "index.docker.io") == read(FILES).registry_credentials


def test_only_what_fills_no_field_is_left_out() -> None:
    left_out = [each.what for each in read(FILES).left_out]

    assert ["spec.template.spec.containers[web].volumeMounts[cache]"] == left_out


def test_files_whose_config_map_is_not_pasted_are_left_out_mount_by_mount() -> None:
    workload = FILES.rpartition("---")[2]

    pasted = read(workload)

    assert () == pasted.files
    assert pasted.registry_credentials is None
    reasons = {each.what.removeprefix("spec.template.spec."): each.why for each in pasted.left_out}
    assert "imagePullSecrets" in reasons
    assert "No text of the ConfigMap conf is in what was pasted" in reasons["containers[web].volumeMounts[conf]"]
    assert "No text of the Secret keys is in what was pasted" in reasons["containers[web].volumeMounts[keys]"]
    assert "goes with the container" in reasons["containers[web].volumeMounts[cache]"]


@pytest.mark.parametrize(
    ("resources", "size", "own"),
    [
        ("{}", None, None),
        ("{requests: {cpu: 250m, memory: 256Mi}, limits: {cpu: 500m, memory: 512Mi}}", WorkloadSize.M, None),
        ("{limits: {cpu: 1, memory: 1G}}", None, Resources(1000, 1000, 954, 954)),
        ("{requests: {cpu: 0.1}}", None, Resources(100, 200, 128, 256)),
        ("{limits: {memory: lots}}", None, None),
    ],
)
def test_resources_are_a_size_where_they_are_just_that(
    resources: str, size: WorkloadSize | None, own: Resources | None
) -> None:
    pasted = read(f"{{apiVersion: v1, kind: Pod, spec: {{containers: [{{image: x, resources: {resources}}}]}}}}")

    assert (size, own) == (pasted.size, pasted.resources)
