"""GraphQL over WebSockets: which handshakes are taken."""

from __future__ import annotations

from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

from api.errors import MoorageError
from graphql_schema.transport.backend import Backend
from graphql_schema.transport.connection import Connection

PROTOCOL = "graphql-transport-ws"


class WebSocketEndpoint:
    """The ASGI app that serves GraphQL over WebSockets, by graphql-transport-ws alone."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        socket = WebSocket(scope, receive, send)
        try:
            await self._backend.credentials.of_socket(socket, None)
        except MoorageError:
            # Closing before it is accepted answers the handshake with 403.
            await socket.close()
            return
        if PROTOCOL not in socket.scope["subprotocols"]:
            await socket.accept()
            await socket.close(4406, "Subprotocol not acceptable")
            return
        await socket.accept(PROTOCOL)
        await Connection(socket, receive, send, self._backend).serve()
