"""API servers that tests run on, and the way to them."""

from __future__ import annotations

import base64
import ssl
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

PATIENT = 30.0
"""Seconds that a call to an API server may take: more than one does on the busiest machine, where the embedded cluster
shares a core with the test. What comes of the limit that Moorage has by itself is shown by tests/faults, and where the
connection is tested."""

only_embedded = pytest.mark.parametrize("api_server", ["embedded"], indirect=True)
"""For tests that need images that fail on demand, or that the real cluster would only make slower."""

_REAL = pytest.param("devcluster", marks=pytest.mark.devcluster)
only_real = pytest.mark.parametrize("api_server", [_REAL], indirect=True)
"""For tests that wait for a controller of Kubernetes itself."""


@dataclass(frozen=True)
class ApiServer:
    """An API server, the embedded one or the real one, and how to reach it."""

    url: str
    token: str
    tls: ssl.SSLContext | None = None


def write_kubeconfig(path: Path, server: str, token: str) -> Path:
    """A kubeconfig of that server at `path`, which is answered."""
    kubeconfig = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "test",
        "clusters": [{"name": "test", "cluster": {"server": server}}],
        "users": [{"name": "test", "user": {"token": token}}],
        "contexts": [{"name": "test", "context": {"cluster": "test", "user": "test"}}],
    }
    path.write_text(yaml.safe_dump(kubeconfig))
    return path


def server_of(kubeconfig: dict[str, list[dict[str, dict[str, str]]]]) -> ApiServer:
    cluster = kubeconfig["clusters"][0]["cluster"]
    certificate = base64.b64decode(cluster["certificate-authority-data"]).decode()
    tls = ssl.create_default_context(cadata=certificate)
    return ApiServer(cluster["server"], kubeconfig["users"][0]["user"]["token"], tls)
