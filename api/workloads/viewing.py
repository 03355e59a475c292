"""Whether somebody may go on following an app, or a namespace, asked again while a stream lives."""

from __future__ import annotations

import asyncio
from contextlib import AbstractContextManager
from typing import Protocol
from uuid import UUID

from api.authorization.models import Principal
from api.authorization.vigils import HAS_ENDED, StillValid
from api.errors import Forbidden, NotFound, Unauthenticated
from api.workloads.access import WorkloadAccess

HEARTBEAT_SECONDS = 15.0
"""Of silence, after which a stream says that it is well."""


class RowChanges(Protocol):
    """Where it is told that rows of a namespace have changed, by whatever replica."""

    def subscribe(self, namespace_id: UUID) -> AbstractContextManager[asyncio.Event]:
        """A signal that is set by each change, for as long as the context lasts; whoever waits clears it."""


class Viewing:
    """One viewer of an app, or of a whole namespace where `workload_id` is None."""

    def __init__(
        self,
        access: WorkloadAccess,
        principal: Principal,
        still_valid: StillValid,
        *,
        slug: str,
        workload_id: UUID | None,
    ) -> None:
        self._access = access
        self._principal = principal
        self._still_valid = still_valid
        self._slug = slug
        self._workload_id = workload_id

    async def is_over(self) -> bool:
        """Whether what is followed is gone, or the viewer's no longer. Raises Unauthenticated where they signed out."""
        if not await self._still_valid(self._principal):
            raise Unauthenticated(HAS_ENDED)
        try:
            if self._workload_id is not None:
                await self._access.by_id(self._principal, self._workload_id)
            else:
                await self._access.namespace(self._principal, self._slug)
        except (NotFound, Forbidden):
            return True
        return False
