"""A client that sees the bare wire: what is sent, and what comes back."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

import aiohttp

Obj = dict[str, Any]

APPLY = "application/apply-patch+yaml"
MERGE = "application/merge-patch+json"
STRATEGIC = "application/strategic-merge-patch+json"
JSON_PATCH = "application/json-patch+json"


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any
    warnings: list[str] = field(default_factory=list)

    @property
    def causes(self) -> list[tuple[str, str]]:
        """(field, reason) of what is wrong."""
        return [(cause["field"], cause["reason"]) for cause in self.body["details"]["causes"]]


class Client:
    """Speaks to one cluster; every wait ends after `patience` seconds."""

    def __init__(self, session: aiohttp.ClientSession, *, patience: float = 20.0) -> None:
        self._session = session
        self._patience = patience

    async def send(
        self, method: str, path: str, body: Any = None, *, content_type: str = "application/json", **query: str
    ) -> Answer:
        data = None if body is None else io.BytesIO(json.dumps(body).encode())
        headers = {"Content-Type": content_type, "User-Agent": "test/1"}
        async with self._session.request(method, path, data=data, headers=headers, params=query) as response:
            text = await response.text()
            decoded = json.loads(text) if response.content_type == "application/json" else text
            return Answer(response.status, decoded, response.headers.getall("Warning", []))

    async def get(self, path: str, **query: str) -> Answer:
        return await self.send("GET", path, **query)

    async def post(self, path: str, body: Obj, **query: str) -> Answer:
        return await self.send("POST", path, body, **query)

    async def put(self, path: str, body: Obj, **query: str) -> Answer:
        return await self.send("PUT", path, body, **query)

    async def delete(self, path: str, body: Obj | None = None, **query: str) -> Answer:
        return await self.send("DELETE", path, body, **query)

    async def patch(self, path: str, body: Any, content_type: str = MERGE, **query: str) -> Answer:
        return await self.send("PATCH", path, body, content_type=content_type, **query)

    async def apply(self, path: str, body: Obj, manager: str, **query: str) -> Answer:
        return await self.send("PATCH", path, body, content_type=APPLY, fieldManager=manager, **query)

    async def watch(self, path: str, **query: str) -> AsyncGenerator[Obj, None]:
        """The events of a watch, until it ends."""
        async with self._session.get(path, params={"watch": "1", **query}) as response:
            async for line in response.content:
                yield json.loads(line)

    async def until(self, collection: str, name: str, holds: Callable[[Obj], bool]) -> Obj:
        """The object at the moment when `holds` is true of it."""
        selector = {"fieldSelector": f"metadata.name={name}"}
        async with asyncio.timeout(self._patience), aclosing(self.watch(collection, **selector)) as events:
            async for event in events:
                if event["type"] != "DELETED" and holds(event["object"]):
                    return dict(event["object"])
        raise AssertionError(f"the watch of {name} ended")

    async def until_some(self, collection: str, holds: Callable[[list[Obj]], bool], **query: str) -> list[Obj]:
        """The objects of a collection at the moment when `holds` is true of them."""
        objects: dict[str, Obj] = {}
        listed = (await self.get(collection, **query)).body
        objects = {each["metadata"]["uid"]: each for each in listed["items"]}
        if holds(list(objects.values())):
            return list(objects.values())
        query["resourceVersion"] = listed["metadata"]["resourceVersion"]
        async with asyncio.timeout(self._patience), aclosing(self.watch(collection, **query)) as events:
            async for event in events:
                uid = event["object"]["metadata"]["uid"]
                objects[uid] = event["object"]
                if event["type"] == "DELETED":
                    del objects[uid]
                if holds(list(objects.values())):
                    return list(objects.values())
        raise AssertionError(f"the watch of {collection} ended")

    async def until_gone(self, collection: str, **query: str) -> None:
        await self.until_some(collection, lambda objects: not objects, **query)
