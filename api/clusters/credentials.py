"""Where the API server is and what it accepts: from a source to the configuration of `kubernetes.aio`, kept fresh.

Tokens grow old. Those of a service account are read again each minute by `kubernetes.aio` itself; those of a kubeconfig
(an exec plugin's live for minutes) are loaded again when the API server no longer takes them.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from urllib.request import getproxies

import yaml
from kubernetes.aio import config as kubernetes_config
from kubernetes.aio.client import Configuration

from api.clusters.models import ClusterSource, Embedded, InCluster, Kubeconfig
from api.errors import ConfigurationError

RENEWAL_SECONDS = 10.0
"""Credentials are not loaded again sooner than that: a plugin may be slow, or ask somebody."""

Load = Callable[[Configuration], Awaitable[None]]


class Credentials:
    """The configuration for one API server. `load` fills it in, at first and again."""

    def __init__(self, load: Load) -> None:
        self.configuration = Configuration()
        self.configuration.connection_pool_maxsize = 0  # each watch keeps a connection: how many they are is bounded
        self._load = load
        self._loaded_at = 0.0
        self._loading = asyncio.Lock()

    @classmethod
    @asynccontextmanager
    async def open(cls, source: ClusterSource) -> AsyncIterator[Credentials]:
        """The credentials of a source; the embedded cluster runs as long as they are open.

        Raises ConfigurationError where the source is unusable.
        """
        async with AsyncExitStack() as stack:
            load = await _started(source, stack) if isinstance(source, Embedded) else partial(_load, source)
            credentials = cls(load)
            await credentials._reload()
            yield credentials

    async def renew(self) -> bool:
        """Load them again; False where that was done a moment ago, and so would be of no use."""
        async with self._loading:
            if asyncio.get_running_loop().time() - self._loaded_at < RENEWAL_SECONDS:
                return False
            await self._reload()
            return True

    async def _reload(self) -> None:
        self._loaded_at = asyncio.get_running_loop().time()
        await self._load(self.configuration)


async def _started(source: Embedded, stack: AsyncExitStack) -> Load:
    from api.clusters.embedded import DataInUseError, EmbeddedCluster  # noqa: PLC0415 - a server, only where it is used

    try:
        cluster = await stack.enter_async_context(EmbeddedCluster.open(source.data_path, pace=source.pace))
    except DataInUseError as error:
        message = f"the embedded cluster cannot be started: {error}."
        raise ConfigurationError(message, setting="MOORAGE_DATA_DIR") from error
    return partial(_load_embedded, cluster.kubeconfig())


async def _load_embedded(kubeconfig: dict[str, object], configuration: Configuration) -> None:
    await kubernetes_config.load_kube_config_from_dict(kubeconfig, client_configuration=configuration)
    configuration.client_session_kwargs = {"trust_env": False}  # a proxy has no way to this process


async def _load(source: Kubeconfig | InCluster, configuration: Configuration) -> None:
    if isinstance(source, Kubeconfig):
        _require_mapping(source.path)
    # Where it is told to, aiohttp looks into the environment and into ~/.netrc for each request anew.
    configuration.client_session_kwargs = {"trust_env": bool(getproxies())}
    try:
        if isinstance(source, InCluster):
            kubernetes_config.load_incluster_config(client_configuration=configuration)
            return
        await kubernetes_config.load_kube_config(
            config_file=str(source.path),
            context=source.context,
            client_configuration=configuration,
            persist_config=False,
        )
    except Exception as error:  # the loaders raise whatever their parsers do
        message = f"this kubeconfig cannot be used: {error}"
        raise ConfigurationError(message, setting="MOORAGE_KUBECONFIG") from error


def _require_mapping(path: Path) -> None:
    """Raises ConfigurationError where a file is none, or no kubeconfig at all: the loader fails on those in Python's
    own words."""
    try:
        content = yaml.safe_load(path.read_bytes())
    except OSError as error:
        missing = f"there is no file {path}"
        message = missing if isinstance(error, FileNotFoundError) else f"{path} cannot be read: {error.strerror}"
        raise ConfigurationError(message, setting="MOORAGE_KUBECONFIG") from error
    except yaml.YAMLError as error:
        raise ConfigurationError(f"{path} is no kubeconfig: it is not YAML", setting="MOORAGE_KUBECONFIG") from error
    parts = content if isinstance(content, dict) else {}
    lacking = [name for name in ("clusters", "contexts") if not isinstance(parts.get(name), list)]
    if lacking:
        message = f"{path} is no kubeconfig: it has no list of {', '.join(lacking)}. Try it with kubectl first"
        raise ConfigurationError(message, setting="MOORAGE_KUBECONFIG")
