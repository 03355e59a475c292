"""The embedded cluster: an API server on loopback, with its controllers and kubelets, in this process.

It is a stand-in for a real cluster, for those who have none at hand: objects are real, containers are not.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any, Protocol

from aiohttp import web

from . import openapi
from .clock import Clock, Pace, SystemClock
from .controllers.autoscaler import AutoscalerController
from .controllers.controller import Context
from .controllers.cronjob import CronJobController
from .controllers.deployment import DeploymentController
from .controllers.exposure import ExposureOperator
from .controllers.garbage import GarbageCollector
from .controllers.job import JobController
from .controllers.namespace import NamespaceController
from .controllers.replicaset import ReplicaSetController
from .controllers.resourcequota import ResourceQuotaController
from .controllers.statefulset import StatefulSetController
from .controllers.volume import VolumeController
from .events import EventRecorder
from .kubelet import Kubelet
from .logs import Logs
from .metrics import Usage
from .nodes import ensure_nodes
from .objects import Key, encode
from .persistence import Snapshot, SqliteJournal
from .registry import Registry, for_controller
from .resources import NAMESPACES, RESOURCES, STORAGE_CLASSES
from .routes import Routes
from .runs import Runs
from .scheduler import Scheduler
from .store import Change, ChangeType, Journal, NoJournal, Store, Stored
from .strategies import DEFAULT_CLASS

HOST = "127.0.0.1"
_TOKEN_BYTES = 32
_NAMESPACES = ("default", "kube-system", "kube-public", "kube-node-lease")
_SHUTDOWN_TIMEOUT = 2.0
_STORAGE_CLASS = {
    "metadata": {"name": "standard", "annotations": {DEFAULT_CLASS: "true"}},
    "provisioner": "moorage.dev/embedded",
    "reclaimPolicy": "Delete",
    "volumeBindingMode": "Immediate",
}


class Component(Protocol):
    """What makes the cluster live: told of every change, and running beside the others."""

    name: str

    def on_change(self, change: Change) -> None: ...

    async def run(self) -> None: ...


class EmbeddedCluster:
    """A running cluster. `url` and `token` are where and as whom to reach it."""

    def __init__(self, *, url: str, token: str) -> None:
        self.url = url
        self.token = token

    @classmethod
    @contextlib.asynccontextmanager
    async def open(
        cls,
        data_path: Path | None = None,
        *,
        clock: Clock | None = None,
        pace: float = 1.0,
        history: int = 1000,
        watch_queue: int = 1000,
    ) -> AsyncIterator[EmbeddedCluster]:
        """Starts a cluster, and stops it at the end of the context.

        `data_path` is a directory in which objects, token and port are kept between runs; without it everything
        ends with the context. `pace` scales the visible durations. `history` bounds, for each kind, the changes
        that a watch can start from, and `watch_queue` those that a slow client may fall behind. Raises
        DataInUseError when another process has `data_path` open.
        """
        clock = clock or SystemClock()
        async with contextlib.AsyncExitStack() as stack:
            journal, snapshot = await _journal(stack, data_path)
            store = Store(journal=journal, history=history, resource_version=snapshot.resource_version)
            store.restore(snapshot.objects)
            context = _context(store, clock, pace)
            runs = Runs(clock)
            stack.enter_context(store.listening(runs.on_change))
            loaded = await stack.enter_async_context(_loading_models())
            await stack.enter_async_context(_running(_components(context), context))
            routes = Routes(
                context.registry,
                loaded=loaded,
                token=snapshot.settings.get("token") or secrets.token_urlsafe(_TOKEN_BYTES),
                watch_queue=watch_queue,
                logs=Logs(store, clock, context.pace, runs),
                usage=Usage(store, clock),
            )
            port = await stack.enter_async_context(_serving(routes, int(snapshot.settings.get("port", 0))))
            if isinstance(journal, SqliteJournal):
                await journal.set(token=routes.token, port=str(port))
            yield cls(url=f"http://{HOST}:{port}", token=routes.token)

    def kubeconfig(self) -> dict[str, Any]:
        """A configuration as `kubernetes.aio.config.load_kube_config_from_dict` and kubectl take it."""
        name = "moorage-embedded"
        return {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": name,
            "clusters": [{"name": name, "cluster": {"server": self.url}}],
            "users": [{"name": name, "user": {"token": self.token}}],
            "contexts": [{"name": name, "context": {"cluster": name, "user": name}}],
        }


@contextlib.asynccontextmanager
async def _loading_models() -> AsyncIterator[asyncio.Event]:
    """Imports the models beside everything else; the event is set when they are there."""
    loaded = asyncio.Event()

    async def load() -> None:
        await asyncio.to_thread(_load_models)
        loaded.set()

    loading = asyncio.create_task(load(), name="embedded cluster: load models")
    try:
        yield loaded
    finally:
        await loading


def _load_models() -> None:
    for resource in RESOURCES:
        openapi.load(resource)


async def _journal(stack: contextlib.AsyncExitStack, data_path: Path | None) -> tuple[Journal, Snapshot]:
    if data_path is None:
        return NoJournal(), Snapshot([], 0, {})
    return await stack.enter_async_context(SqliteJournal.open(data_path))


def _context(store: Store, clock: Clock, pace: float) -> Context:
    registry = Registry(store, clock)
    recorder = EventRecorder(registry, clock)
    recorder.restore()
    return Context(registry, recorder, clock, Pace(pace))


def _components(context: Context) -> Sequence[Component]:
    return (
        NamespaceController(context),
        DeploymentController(context),
        ReplicaSetController(context),
        StatefulSetController(context),
        JobController(context),
        CronJobController(context),
        ResourceQuotaController(context),
        GarbageCollector(context),
        VolumeController(context),
        AutoscalerController(context),
        ExposureOperator(context),
        Scheduler(context),
        Kubelet(context),
    )


@contextlib.asynccontextmanager
async def _running(components: Sequence[Component], context: Context) -> AsyncIterator[None]:
    """Runs the components; first they are told of everything that is there already."""
    with contextlib.ExitStack() as listening:
        for component in components:
            _tell_present(component, context.store)
            listening.enter_context(context.store.listening(component.on_change))
        tasks = [asyncio.create_task(each.run(), name=f"embedded cluster: {each.name}") for each in components]
        try:
            _bootstrap(context)
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


def _tell_present(component: Component, store: Store) -> None:
    for resource in RESOURCES:
        for obj in list(store.list(resource)):
            stored = Stored(obj, encode(obj))
            version = int(obj["metadata"]["resourceVersion"])
            component.on_change(Change(ChangeType.ADDED, resource, version, stored))


def _bootstrap(context: Context) -> None:
    options = for_controller("kube-apiserver")
    for name in _NAMESPACES:
        if context.store.get(NAMESPACES, Key("", name)) is None:
            context.registry.create(NAMESPACES, "", {"metadata": {"name": name}}, options)
    if not any(True for _ in context.store.list(STORAGE_CLASSES)):
        context.registry.create(STORAGE_CLASSES, "", _STORAGE_CLASS, options)
    ensure_nodes(context.registry, context.clock)


@contextlib.asynccontextmanager
async def _serving(routes: Routes, port: int) -> AsyncIterator[int]:
    """Serves on loopback, on the port of the last run where it is free; answers the port."""
    runner = web.AppRunner(
        routes.application(),
        handle_signals=False,
        handler_cancellation=True,  # or a watch would outlive its client until something is written to it
        access_log=None,
        shutdown_timeout=_SHUTDOWN_TIMEOUT,
    )
    await runner.setup()
    try:
        await _listen(runner, port)
        yield runner.addresses[0][1]
    finally:
        routes.close()
        await runner.cleanup()


async def _listen(runner: web.AppRunner, port: int) -> None:
    try:
        await web.TCPSite(runner, HOST, port).start()
    except OSError:
        if port == 0:
            raise
        await web.TCPSite(runner, HOST, 0).start()
