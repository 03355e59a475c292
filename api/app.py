"""The application: opens every part that the settings name, and serves them on one port."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import strawberry
from fastapi import FastAPI
from pydantic import SecretStr
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from api.authentication.requests import RequestAuthenticator
from api.authentication.routes import problem, unanswered
from api.authentication.routes import router as authentication_router
from api.clusters.models import ClusterKind
from api.errors import MoorageError, Unauthenticated, Unavailable
from api.http.description import DescribedApplication
from api.http.dispatch import Dispatch
from api.http.headers import SecurityHeaders
from api.http.health import Health
from api.http.metrics import METRICS_PATH, MetricsEndpoint
from api.http.origins import Origins
from api.http.proxies import ClientAddresses
from api.http.requests import BodyLimit, RequestIds, TrustedHosts
from api.http.startup import PlainStartupFailures
from api.http.tracing import TracedRequests
from api.http.web_app import WebApp
from api.metrics.models import MetricsSource
from api.metrics.service import MetricsService
from api.monitoring import logs
from api.monitoring.telemetry import Telemetry
from api.monitoring.tracing import CallerContext, Tracing
from api.parts import Parts, opened
from api.settings import Settings
from api.webhooks.attempts import Attempts
from api.webhooks.models import WebhookLimits
from api.webhooks.opening import Reach, opened_sender
from api.webhooks.seal import SigningSeal
from api.webhooks.sending import Sender
from api.webhooks.service import WebhookService
from api.webhooks.worker import DeliveryWorker
from graphql_schema.allowances import Allowance, Allowances
from graphql_schema.documentation.endpoints import Documentation
from graphql_schema.execution import Executor
from graphql_schema.observed import CountedConnections, ObservedExecutor
from graphql_schema.schema import build_schema, print_sdl
from graphql_schema.services import Services
from graphql_schema.transport.backend import Backend
from graphql_schema.transport.http import HTTPEndpoint
from graphql_schema.transport.websocket import WebSocketEndpoint
from graphql_schema.trusted import MANIFEST, AnyDocuments, TrustedDocuments
from graphql_schema.webhooks.documents import WebhookDocuments, WebhookPayloads

PROBES = ("/healthz", "/readyz")

Page = Callable[[Request], Awaitable[Response]]
Refusal = Callable[[], Response]

_NO_EXPLORER = "This installation executes the documents of its web app alone, so there is no explorer.\n"


@dataclass(frozen=True, slots=True)
class Ready:
    """What whoever started the server is told once everything answers. All but the token are for people to read."""

    database: str
    cluster: str
    metrics: str
    administrator_token: str | None
    """Makes the first administrator, once; None where there is one already."""


def create_app(
    settings: Settings,
    *,
    port: int | None = None,
    on_ready: Callable[[Ready], None] | None = None,
    stopping: asyncio.Event | None = None,
) -> ASGIApp:
    """The whole application. Everything is opened when its lifespan starts, and closed when that ends.

    `port` is the one that is listened on, where the settings leave it open; `on_ready` is called once, when every
    part answers; event streams end once `stopping` is set, as a server ends the lifespan only when its connections
    have ended. Raises ConfigurationError where a setting is wrong.
    """
    origins = Origins.of(public_url=settings.public_url, port=port or settings.port)
    telemetry = _telemetry(settings)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        schema = build_schema()
        async with (
            telemetry.running(),
            opened(settings, telemetry) as parts,
            _graph(schema, parts, settings, telemetry) as (executor, services),
        ):
            authenticator = RequestAuthenticator(parts.authentication, origins=origins.origins)
            backend = Backend.of(executor, services, authenticator, stopping=stopping)
            dispatch.direct["http", "/graphql"] = HTTPEndpoint(backend)
            sockets = CountedConnections(WebSocketEndpoint(backend), telemetry.operations, transport="websocket")
            dispatch.direct["websocket", "/graphql"] = sockets
            metrics = MetricsEndpoint(telemetry.instruments.registry, _secret(settings.metrics_token))
            app.router.routes.append(Route(METRICS_PATH, metrics.expose))
            documentation = Documentation(print_sdl(schema), has_explorer=_is_explorable(settings))
            _add_routes(app, parts, settings, origins, authenticator=authenticator, documentation=documentation)
            if on_ready is not None:
                on_ready(await _ready(parts, settings))
            yield

    app = DescribedApplication(
        title="Moorage authentication",
        description="Signing in and out. Everything else is at /graphql.",
        lifespan=lifespan,
        openapi_url="/auth/openapi.json",
        # The pages that FastAPI makes of it load scripts from a CDN.
        docs_url=None,
        redoc_url=None,
        # Spans and metrics are ours: its own hold paths and queries, and go wherever the environment says.
        telemetry={"auto_configure": False, "tracing": False, "metrics": False, "logs": False},
    )
    app.add_exception_handler(HTTPException, unanswered)
    dispatch = Dispatch(PlainStartupFailures(app))
    return _guarded(dispatch, origins, settings, telemetry.tracing)


def from_environment() -> ASGIApp:
    """The application by the environment's settings, and its logs; for servers that take a factory."""
    settings = Settings()
    logs.configure(level=settings.log_level, style=settings.log_style)
    return create_app(settings)


def _telemetry(settings: Settings) -> Telemetry:
    """What is measured; with spans where a collector is named."""
    if settings.otlp_endpoint is None:
        return Telemetry()
    from api.monitoring.otlp import Collector, Provider  # noqa: PLC0415 - 8 MiB, for those who asked for it

    headers = {name: value.get_secret_value() for name, value in settings.otlp_headers.items()}
    caller_context = CallerContext(settings.trace_context)
    return Telemetry(Provider(Collector(settings.otlp_endpoint, headers, settings.trace_ratio, caller_context)))


def _secret(setting: SecretStr | None) -> str | None:
    return setting.get_secret_value() if setting is not None else None


def _guarded(app: ASGIApp, origins: Origins, settings: Settings, tracing: Tracing) -> ASGIApp:
    """`app` behind what every request passes, the outermost last: even a refusal has its id and headers."""
    app = BodyLimit(app)
    app = TrustedHosts(app, hosts=origins.hosts, open_paths=(*PROBES, METRICS_PATH))
    app = SecurityHeaders(app, origins=origins.origins)
    app = TracedRequests(app, tracing) if tracing.is_on else app
    return ClientAddresses(RequestIds(app), trusted=settings.trusted_proxies)


@asynccontextmanager
async def _graph(
    schema: strawberry.Schema, parts: Parts, settings: Settings, telemetry: Telemetry
) -> AsyncIterator[tuple[Executor, Services]]:
    """What executes the graph, and what it asks; and webhooks at work, which execute queries in it too."""
    executor = ObservedExecutor(
        schema,
        open_to_strangers=_is_open_to_strangers(settings),
        trusted=_trusted_documents(settings),
        allowances=_allowances(settings),
        observer=telemetry.operations,
    )
    reach, limits = _reach(settings), _webhook_limits(settings)
    webhooks = WebhookService(
        parts.database,
        parts.namespaces,
        parts.workloads,
        parts.encryption,
        documents=WebhookDocuments(executor),
        targets=reach.targets,
        limits=limits,
    )
    services = services_of(parts, webhooks)
    with opened_sender(reach) as sender:
        attempts = _attempts(parts, sender, WebhookPayloads(executor, services), limits)
        async with DeliveryWorker(parts.database, attempts, limits=limits).working():
            yield executor, services


def services_of(parts: Parts, webhooks: WebhookService) -> Services:
    """What resolvers use."""
    return Services(
        authentication=parts.authentication,
        users=parts.users,
        namespaces=parts.namespaces,
        workloads=parts.workloads,
        metrics=parts.metrics,
        following=parts.following,
        cluster=parts.cluster,
        webhooks=webhooks,
    )


def _attempts(parts: Parts, sender: Sender, payloads: WebhookPayloads, limits: WebhookLimits) -> Attempts:
    return Attempts(
        parts.database,
        parts.namespaces,
        SigningSeal(parts.encryption),
        sender,
        reader_for=parts.authentication.reader_for,
        payloads=payloads,
        limits=limits,
    )


def _reach(settings: Settings) -> Reach:
    return Reach(
        networks=settings.webhook_networks,
        ports=settings.webhook_ports,
        certificates=settings.webhook_certificates,
        timeout=settings.webhook_timeout_seconds,
    )


def _webhook_limits(settings: Settings) -> WebhookLimits:
    return WebhookLimits(disabled_after=timedelta(days=settings.webhook_disabled_after_days))


def _trusted_documents(settings: Settings) -> AnyDocuments:
    if _is_explorable(settings):
        return AnyDocuments()
    return TrustedDocuments.read(settings.web_dir / MANIFEST)


def _is_explorable(settings: Settings) -> bool:
    return settings.trusted_documents == "off"


def _allowances(settings: Settings) -> Allowances:
    return Allowances(
        token=Allowance(per_minute=settings.cost_per_minute, per_hour=settings.cost_per_hour),
        session=Allowance(per_minute=settings.session_cost_per_minute, per_hour=settings.session_cost_per_hour),
    )


def _is_open_to_strangers(settings: Settings) -> bool:
    return settings.environment == "development"


def _add_routes(
    app: FastAPI,
    parts: Parts,
    settings: Settings,
    origins: Origins,
    *,
    authenticator: RequestAuthenticator,
    documentation: Documentation,
) -> None:
    shown = _to_all if _is_open_to_strangers(settings) else partial(_signed_in_only, authenticator)
    web = WebApp(settings.web_dir, origins=origins.origins, has_explorer=_is_explorable(settings))
    health = Health({"database": parts.database.ping, "cluster": parts.check_cluster})
    app.include_router(authentication_router(parts.authentication, authenticator))
    app.router.routes += [
        Route("/graphql/schema.graphql", shown(documentation.schema, stranger=_unauthenticated)),
        Route("/docs/graphql", shown(documentation.reference, stranger=_sign_in)),
        Route("/docs/graphql.css", documentation.stylesheet),
        Route("/graphiql", shown(web.graphiql, stranger=_sign_in) if _is_explorable(settings) else _no_explorer),
        Route("/healthz", health.live),
        Route("/readyz", health.ready),
        Mount("/assets", web.assets),
        Route("/{path:path}", web.page, methods=["GET"]),
    ]


def _to_all(page: Page, *, stranger: Refusal) -> Page:  # noqa: ARG001  the shape of `_signed_in_only`
    return page


def _signed_in_only(authenticator: RequestAuthenticator, page: Page, *, stranger: Refusal) -> Page:
    """`page` for those who are signed in, by a session or by a token; what `stranger` makes for anybody else."""

    async def guarded(request: Request) -> Response:
        try:
            viewer = await authenticator.of_request(request)
        except MoorageError as error:
            return problem(error)
        return await page(request) if viewer is not None else stranger()

    return guarded


def _sign_in() -> Response:
    return RedirectResponse("/login", 303)


async def _no_explorer(request: Request) -> Response:  # noqa: ARG001  the shape of an endpoint
    return PlainTextResponse(_NO_EXPLORER, status_code=404)


def _unauthenticated() -> Response:
    return problem(Unauthenticated("Send an API token as `Authorization: Bearer …`, or sign in."))


async def _ready(parts: Parts, settings: Settings) -> Ready:
    database = "embedded PostgreSQL" if settings.database_url is None else "PostgreSQL"
    version = parts.cluster.version or "that does not answer yet"
    if parts.cluster.kind is ClusterKind.EMBEDDED:
        cluster = f"embedded, a demo: no container runs (Kubernetes {version})"
    else:
        cluster = f"Kubernetes {version}"
    return Ready(
        database=f"{database} {parts.database.version}",
        cluster=cluster,
        metrics=await _metrics(parts.metrics, settings),
        administrator_token=await parts.authentication.ensure_administrator_token(),
    )


async def _metrics(metrics: MetricsService, settings: Settings) -> str:
    """Where metrics come from, and what is wrong with it: charts stay empty until that is mended, all else works."""
    sources = {MetricsSource.PROMETHEUS: f"Prometheus at {settings.prometheus_url}"}
    source = sources.get(metrics.source, "metrics.k8s.io (CPU and memory)")
    try:
        await metrics.check()
    except Unavailable as error:
        return f"{source}. {error.message}"
    return source
