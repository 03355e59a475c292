"""Whether a pod has credentials of the registry that an image is in.

Source: pkg/credentialprovider of Kubernetes; hosts are compared whole, where that takes patterns and paths too.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator

from .images import Image
from .objects import Key, Obj
from .resources import SECRETS
from .store import Store

_DOCKER_HUB = ("docker.io", "index.docker.io")
_TYPE = "kubernetes.io/dockerconfigjson"
_DATA = ".dockerconfigjson"


def has_credentials(store: Store, pod: Obj, image: Image) -> bool:
    """Whether one of the pod's `imagePullSecrets` is there, and is for the image's registry."""
    registry = image.canonical.partition("/")[0]
    wanted = _DOCKER_HUB if registry in _DOCKER_HUB else (registry,)
    return any(host in wanted for host in _hosts(store, pod))


def _hosts(store: Store, pod: Obj) -> Iterator[str]:
    for reference in pod["spec"].get("imagePullSecrets") or ():
        secret = store.get(SECRETS, Key(pod["metadata"]["namespace"], reference["name"]))
        if secret is not None and secret.get("type") == _TYPE:
            yield from _hosts_of((secret.get("data") or {}).get(_DATA, ""))


def _hosts_of(data: str) -> Iterator[str]:
    """The hosts of a file as `docker login` writes it; none where it cannot be read."""
    try:
        config = json.loads(base64.b64decode(data))
    except (binascii.Error, ValueError):
        return
    for server in config.get("auths") or {}:
        yield server.removeprefix("https://").removeprefix("http://").partition("/")[0]
