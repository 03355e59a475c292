"""kubectl, as somebody would use it by hand."""

from __future__ import annotations

import json
import subprocess
from typing import Any

from tests.devcluster_fixture import DevCluster

SECONDS = 60


class Refused(Exception):
    """kubectl ended with an error; carries what it said."""


class Kubectl:
    """Runs kubectl in one namespace, within a bound of time."""

    def __init__(self, cluster: DevCluster, namespace: str) -> None:
        self.namespace = namespace
        self._command = [str(cluster.kubectl), f"--kubeconfig={cluster.kubeconfig}", f"--namespace={namespace}"]

    def __call__(self, *arguments: str, given: str | None = None, seconds: float = SECONDS) -> str:
        """What it prints; raises Refused."""
        command = [*self._command, *arguments]
        done = subprocess.run(command, input=given, capture_output=True, text=True, timeout=seconds + 10, check=False)
        if done.returncode != 0:
            raise Refused(done.stderr.strip())
        return done.stdout

    def create(self, document: dict[str, Any]) -> None:
        """POST an object."""
        self("create", "-f", "-", given=json.dumps(document))

    def until(self, path: str, value: str, what: str) -> None:
        """Wait until the JSONPath `path` of the object has this value."""
        self("wait", f"--for=jsonpath={path}={value}", f"--timeout={SECONDS}s", what)

    def watch(self, what: str, path: str, *, seconds: int) -> set[str]:
        """Every value that the JSONPath `path` of these objects has in the time that follows."""
        columns = f"custom-columns=VALUE:{path}"
        watched = ("get", what, "--watch", f"--request-timeout={seconds}s", "--no-headers", "-o", columns)
        return set(self(*watched, seconds=seconds).split())


def pod(name: str, *, image: str = "registry.example/web:1", **spec: Any) -> dict[str, Any]:
    """A pod of one container, which keeps to no policy."""
    container = {"name": "web", "image": image}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": {"containers": [container], **spec}}
