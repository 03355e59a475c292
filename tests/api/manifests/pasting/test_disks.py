"""Volumes of a text as the disks of a stateful service."""

from __future__ import annotations

import pytest

from api.manifests.models import Volume, WorkloadKind
from api.manifests.pasting.models import Pasted
from api.manifests.pasting.reading import read


def notes(pasted: Pasted) -> dict[str, str]:
    return {each.what: each.message for each in pasted.notes}


def left_out(pasted: Pasted) -> dict[str, str]:
    return {each.what: each.why for each in pasted.left_out}


COMPOSE = """
services:
  db:
    image: postgres:18
    volumes:
    - pgdata:/var/lib/postgresql/
    - ./init.sql:/docker-entrypoint-initdb.d/init.sql:ro
    - ${HOME}/backup:/backup
    - /var/cache
    - {type: volume, source: Wal-Archive, target: /wal, read_only: true}
    - {type: bind, source: /etc/localtime, target: /etc/localtime}
    - {type: tmpfs, target: /tmp}
volumes:
  pgdata: {driver: local, driver_opts: {o: password=canary}, labels: {a: b}}
  Wal-Archive: {external: true}
  other:
"""


class TestCompose:
    def test_named_volumes_make_a_stateful_service(self) -> None:
        pasted = read(COMPOSE)

        assert WorkloadKind.STATEFUL_SERVICE is pasted.kind
        assert (Volume("pgdata", "/var/lib/postgresql", 1), Volume("walarchive", "/wal", 1)) == pasted.volumes

    def test_what_was_assumed_is_told(self) -> None:
        told = notes(read(COMPOSE))

        assert "taken as one: each of its replicas has disks of its own" in told["kind"]
        assert (
            "It is taken as the volume pgdata. The text says no size: it has 1 GiB, until you say another. It begins "
            "empty."
        ) == told["services.db.volumes.0 pgdata:/var/lib/postgresql/"]
        renamed = told["services.db.volumes.4 Wal-Archive:/wal"]
        assert "lower-case letters" in renamed
        assert "The app may write to it too." in renamed

    def test_each_other_mount_has_a_line_of_its_own_with_its_reason(self) -> None:
        reasons = left_out(read(COMPOSE))

        path = "services.db.volumes"
        assert "one machine" in reasons[f"{path}.1 ./init.sql:/docker-entrypoint-initdb.d/init.sql:ro"]
        assert "one machine" in reasons[f"{path}.2 ${{HOME}}/backup:/backup"]
        assert "without a name" in reasons[f"{path}.3 /var/cache"]
        assert "one machine" in reasons[f"{path}.5 /etc/localtime:/etc/localtime"]
        assert "goes with the container" in reasons[f"{path}.6 /tmp"]

    def test_what_is_said_of_a_volume_elsewhere_is_told_without_values(self) -> None:
        pasted = read(COMPOSE)

        assert {
            "volumes.pgdata.driver",
            "volumes.pgdata.driver_opts",
            "volumes.Wal-Archive.external",
            "volumes.other",
        } <= left_out(pasted).keys()
        assert "canary" not in str(pasted)

    def test_names_that_become_the_same_are_told_apart(self) -> None:
        pasted = read("services: {a: {image: x, volumes: ['my-data:/a', 'my_data:/b', '9:/c', 'my-data:/d']}}")

        assert ["mydata", "mydata2", "data"] == [each.name for each in pasted.volumes]
        assert ["services.a.volumes.3 my-data:/d"] == list(left_out(pasted))

    def test_a_service_without_named_volumes_stays_what_it_was(self) -> None:
        pasted = read("services: {web: {image: x, volumes: ['./data:/data']}}")

        assert (None, (), ()) == (pasted.kind, pasted.volumes, pasted.notes)


class TestDockerRun:
    def test_a_named_volume_makes_a_stateful_service(self) -> None:
        pasted = read("docker run -v pgdata:/var/lib/data:rw -v /srv/x:/x -v C:\\\\x:/y postgres:18")

        assert WorkloadKind.STATEFUL_SERVICE is pasted.kind
        assert (Volume("pgdata", "/var/lib/data", 1),) == pasted.volumes
        assert "1 GiB" in notes(pasted)["--volume pgdata:/var/lib/data:rw"]
        assert ["--volume /srv/x:/x", "--volume C:\\x:/y"] == list(left_out(pasted))

    def test_a_mount_is_read_by_its_keys_and_shown_without_options(self) -> None:
        pasted = read(
            "docker run --mount type=volume,src=data,dst=/data,readonly,volume-opt=o=password=canary postgres"
        )

        assert (Volume("data", "/data", 1),) == pasted.volumes
        assert "write to it" in notes(pasted)["--mount type=volume,src=data,dst=/data,readonly"]
        assert "canary" not in str(pasted)

    @pytest.mark.parametrize("mount", ["type=bind,src=/a,dst=/b", "type=tmpfs,dst=/b", "dst=/b", "type=npipe"])
    def test_other_mounts_are_left_out(self, mount: str) -> None:
        pasted = read(f"docker run --mount {mount} nginx")

        assert (None, ()) == (pasted.kind, pasted.volumes)
        assert [f"--mount {mount}"] == list(left_out(pasted))


DEPLOYMENT = """
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: shop-uploads}
spec: {accessModes: [ReadWriteOnce], storageClassName: fast, resources: {requests: {storage: 5Gi}}}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: other}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec:
  replicas: 2
  template:
    spec:
      volumes:
      - {name: uploads, persistentVolumeClaim: {claimName: shop-uploads}}
      - {name: unknown, persistentVolumeClaim: {claimName: not-pasted}}
      - {name: aside, persistentVolumeClaim: {claimName: other}}
      - {name: host, hostPath: {path: /srv}}
      containers:
      - name: shop
        image: shop:1
        volumeMounts:
        - {name: uploads, mountPath: /uploads, subPath: shop}
        - {name: uploads, mountPath: /thumbnails, subPath: small}
        - {name: unknown, mountPath: /unknown}
        - {name: host, mountPath: /srv}
"""


class TestKubernetes:
    def test_a_claim_that_is_mounted_makes_a_stateful_service(self) -> None:
        pasted = read(DEPLOYMENT)

        assert (WorkloadKind.STATEFUL_SERVICE, 2) == (pasted.kind, pasted.replicas)
        assert (Volume("uploads", "/uploads", 5, "fast"), Volume("unknown", "/unknown", 1)) == pasted.volumes

    def test_what_was_assumed_is_told(self) -> None:
        told = notes(read(DEPLOYMENT))

        container = "spec.template.spec.containers[shop]"
        assert "each of its replicas has disks of its own" in told["kind"]
        assert "It is taken as the volume uploads. It begins empty." == told[f"{container}.volumeMounts[uploads]"]
        assert "says no size" in told[f"{container}.volumeMounts[unknown]"]

    def test_what_is_no_disk_is_left_out_with_its_reason(self) -> None:
        reasons = left_out(read(DEPLOYMENT))

        container = "spec.template.spec.containers[shop]"
        assert {
            f"{container}.volumeMounts[uploads].subPath",
            f"{container}.volumeMounts[uploads]",
            f"{container}.volumeMounts[host]",
            "spec.template.spec.volumes[aside]",
            "PersistentVolumeClaim other",
        } == reasons.keys()
        assert "one path" in reasons[f"{container}.volumeMounts[uploads]"]
        assert "one node" in reasons[f"{container}.volumeMounts[host]"]

    def test_a_template_of_claims_is_taken_without_a_word_unless_something_is_assumed(self) -> None:
        stateful = """
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: db}
        spec:
          template:
            spec:
              containers:
              - {name: db, image: x, volumeMounts: [{name: data, mountPath: /data}, {name: wal, mountPath: /wal}]}
          volumeClaimTemplates:
          - {metadata: {name: data}, spec: {resources: {requests: {storage: 3Gi}}}}
          - {metadata: {name: wal}}
        """

        pasted = read(stateful)

        assert (Volume("data", "/data", 3), Volume("wal", "/wal", 1)) == pasted.volumes
        assert ["spec.template.spec.containers[db].volumeMounts[wal]"] == list(notes(pasted))
        assert {} == left_out(pasted)

    def test_a_job_has_no_disks(self) -> None:
        job = DEPLOYMENT.replace("kind: Deployment", "kind: Job")

        pasted = read(job)

        assert (WorkloadKind.JOB, ()) == (pasted.kind, pasted.volumes)
        assert "A job has no volumes." in left_out(pasted).values()
