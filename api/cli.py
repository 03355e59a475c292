"""The `moorage` command: `up` serves everything on one port, `migrate` brings a database up to date."""

from __future__ import annotations

import argparse
import asyncio
import ipaddress
import os
import signal
import socket
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import uvicorn
from pydantic import ValidationError

from api import garbage
from api.errors import ConfigurationError
from api.eventloop import run
from api.monitoring import logs
from api.settings import Settings
from api.sockets import WebSocketProtocol

if TYPE_CHECKING:
    from api.app import Ready

SHUTDOWN_SECONDS = 10
_INTERRUPTED = 128 + signal.SIGINT
"""What shells take for "ended by Ctrl+C"; everything was shut down in order by then."""
WEBSOCKET_MESSAGE_BYTES = 64 * 1024
WEBSOCKET_PING_SECONDS = 12
"""How often a WebSocket is pinged, and how long the answer may take: where nobody is left, it is closed after both."""
UNREAD_SECONDS = 40
"""How long a client may leave unread what it was sent before the system closes its connection."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; a wrong setting becomes one sentence on stderr and exit code 2."""
    options = _parser().parse_args(arguments)
    try:
        settings = Settings(**({"port": options.port} if getattr(options, "port", None) is not None else {}))
        return _migrate(settings, options) if options.command == "migrate" else _up(settings, reload=options.reload)
    except ValidationError as error:
        return _stop(_explain(error))
    except ConfigurationError as error:
        return _stop(f"{error.message} (setting: {error.setting})")
    except KeyboardInterrupt:
        return _INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="moorage", description="Apps on Kubernetes, by form.")
    commands = parser.add_subparsers(dest="command", required=True)
    up = commands.add_parser("up", help="serve app and API on one port")
    up.add_argument("--port", type=int, help="port to listen on, 0 for a free one (setting: MOORAGE_PORT)")
    up.add_argument("--reload", action="store_true", help="start again whenever the Python code changes")
    migrate = commands.add_parser("migrate", help="bring the database named by MOORAGE_DATABASE_URL up or down")
    migrate.add_argument("revision", nargs="?", default="head", help="head, base, or a revision's id")
    return parser


def _stop(message: str) -> int:
    print(f"moorage: {message}", file=sys.stderr)
    return 2


def _explain(error: ValidationError) -> str:
    """Pydantic's findings, each by the environment variable that the reader can set."""
    lines = [f"MOORAGE_{'_'.join(map(str, found['loc'])).upper()}: {found['msg']}" for found in error.errors()]
    return "a setting is wrong\n  " + "\n  ".join(lines)


def _up(settings: Settings, *, reload: bool) -> int:
    _refuse_plain_http_off_loopback(settings)
    logs.configure(level=settings.log_level, style=settings.log_style)
    if reload:
        return _up_with_reload(settings)
    # uvicorn stops in order at SIGTERM and raises it again; being told to stop is no failure.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with _listen(settings) as listener:
        return run(_serve(settings, listener))


async def _serve(settings: Settings, listener: socket.socket) -> int:
    """Serve until told to stop; exit code 3 where the application could not start."""
    from api.app import create_app  # the imports take a second: `--help` and a wrong setting do not wait for them

    host, port = listener.getsockname()[:2]
    banners: list[str] = []
    stopping = asyncio.Event()
    app = create_app(
        settings, port=port, on_ready=lambda ready: banners.append(_banner(ready, host, port)), stopping=stopping
    )
    server = _AnnouncedServer(uvicorn.Config(app, **_server_options()), banners, stopping)
    await server.serve(sockets=[listener])
    return 0 if server.started else 3


class _AnnouncedServer(uvicorn.Server):
    """Prints what the application said of itself once the port answers: whoever opens the link then gets the page.
    Sets `stopping` once it is told to stop: it waits for event streams, which end by nothing else."""

    def __init__(self, config: uvicorn.Config, banners: Sequence[str], stopping: asyncio.Event) -> None:
        super().__init__(config)
        self._banners = banners
        self._stopping = stopping

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        garbage.settle()
        if self.started:
            print(*self._banners, sep="\n", flush=True)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._stopping.set()
        await super().shutdown(sockets)


def _server_options() -> dict[str, Any]:
    """How uvicorn serves: figures behind the choice of `websockets-sansio` are in ARCHITECTURE.md."""
    return {
        "http": "httptools",
        "ws": WebSocketProtocol,
        # Each message would be compressed for each socket, which takes more than all else of it, and its secrets
        # beside what others chose: https://en.wikipedia.org/wiki/CRIME.
        "ws_per_message_deflate": False,
        "ws_max_size": WEBSOCKET_MESSAGE_BYTES,
        "ws_ping_interval": WEBSOCKET_PING_SECONDS,
        "ws_ping_timeout": WEBSOCKET_PING_SECONDS,
        "log_config": None,
        "access_log": False,
        "server_header": False,
        "proxy_headers": False,
        "timeout_graceful_shutdown": SHUTDOWN_SECONDS,
    }


def _up_with_reload(settings: Settings) -> int:
    """A process of its own serves, and is started anew; it has its settings from the environment."""
    os.environ["MOORAGE_PORT"] = str(settings.port)
    options = _server_options() | {"host": settings.host, "port": settings.port}
    uvicorn.run("api.app:from_environment", factory=True, reload=True, reload_dirs=["api", "graphql_schema"], **options)
    return 0


def _listen(settings: Settings) -> socket.socket:
    """The listening socket, bound before anything is started: a taken port is found at once."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if hasattr(socket, "TCP_USER_TIMEOUT"):  # Linux; connections have it from the socket that they come by
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNREAD_SECONDS * 1000)
    try:
        listener.bind((settings.host, settings.port))
    except OSError as error:
        listener.close()
        message = (
            f"cannot listen on {settings.host}:{settings.port}: {error.strerror}. "
            "Take another port: MOORAGE_PORT=8081 make up (0 takes a free one)"
        )
        raise ConfigurationError(message, setting="MOORAGE_PORT") from error
    return listener


def _refuse_plain_http_off_loopback(settings: Settings) -> None:
    """Browsers drop `__Host-` cookies on plain HTTP anywhere but loopback, and passwords would travel in the clear."""
    if settings.public_url and settings.public_url.startswith("https://"):
        return
    if settings.host == "localhost" or _is_loopback(settings.host):
        return
    message = (
        f"refusing to serve plain HTTP on {settings.host}: sign-in needs TLS anywhere but loopback. Put a proxy that "
        "ends TLS in front and name its address in MOORAGE_PUBLIC_URL=https://…, or leave MOORAGE_HOST at 127.0.0.1"
    )
    raise ConfigurationError(message, setting="MOORAGE_HOST")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _banner(ready: Ready, host: str, port: int) -> str:
    """What `make up` prints once everything answers."""
    address = f"http://{'localhost' if _is_loopback(host) else host}:{port}"
    lines = [
        "",
        f"  Moorage   {address}",
        f"  GraphQL   {address}/graphql, to explore at {address}/graphiql",
        "",
        f"  database  {ready.database}",
        f"  cluster   {ready.cluster}",
        f"  metrics   {ready.metrics}",
        "",
    ]
    if ready.administrator_token:
        lines += [
            "  Nobody is the administrator yet. This link makes you one, once:",
            f"  {address}/register?token={ready.administrator_token}",
            "",
        ]
    return "\n".join(lines)


def _migrate(settings: Settings, options: argparse.Namespace) -> int:
    from api.database import migrate  # brings Alembic

    if settings.database_url is None:
        message = "there is no database to migrate: the embedded one is migrated by `moorage up`"
        raise ConfigurationError(message, setting="MOORAGE_DATABASE_URL")
    asyncio.run(migrate.to_revision(settings.database_url.get_secret_value(), options.revision))
    return 0
