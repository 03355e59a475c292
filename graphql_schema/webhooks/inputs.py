"""What the mutations of webhooks take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import msgspec
import strawberry

from api.errors import InvalidInput
from api.webhooks.models import WebhookDraft
from graphql_schema.enums import WebhookEvent

_URL = (
    "Where to deliver: an https:// URL of the public internet, looked up at each attempt. Redirects are not followed."
)
_QUERY = (
    "One query; each delivery's body is its response, `data` and `errors`, with the event beside it: "
    '`{"type": "DEPLOYMENT_FINISHED", "timestamp": "2030-…", "event": {"workload": "web", …}, "data": {…}}`. '
    "`$namespace` (a slug), `$workload` (an app's name), "
    "`$workloadId` and `$revision` are filled in by the event where the query declares them."
)
_VARIABLES = "The query's other variables, as a JSON object."


@strawberry.input(description="What a webhook shall be.")
class CreateWebhookInput:
    namespace: str = strawberry.field(description="The namespace's name in the cluster.")
    url: str = strawberry.field(description=_URL)
    query: str = strawberry.field(description=_QUERY)
    variables: str | None = strawberry.field(default=None, description=_VARIABLES)
    events: list[WebhookEvent] = strawberry.field(description="What to be told of; `PING` needs no listening to.")
    active: bool = strawberry.field(default=True, description="Whether it is told of anything yet.")

    def draft(self) -> WebhookDraft:
        """What was asked for; raises InvalidInput on path `variables`."""
        return WebhookDraft(
            url=self.url,
            query=self.query,
            events=frozenset(self.events),
            variables=_variables(self.variables),
            active=self.active,
        )


@strawberry.input(
    description="What is to be another of a webhook; what is left out stays. Made by an API token, it ends with that "
    "token from now on; by a session, it does not end with it."
)
class UpdateWebhookInput:
    id: strawberry.ID = strawberry.field(description="The webhook's id.")
    url: str | None = strawberry.field(default=None, description=_URL)
    query: str | None = strawberry.field(default=None, description=_QUERY)
    variables: str | None = strawberry.field(default=None, description=_VARIABLES)
    events: list[WebhookEvent] | None = strawberry.field(default=None, description="What to be told of.")
    active: bool | None = strawberry.field(
        default=None, description="Whether it is told of anything. Switched off, what waits is given up."
    )

    def edit(self, draft: WebhookDraft) -> WebhookDraft:
        """The draft with what was given; raises InvalidInput on path `variables`."""
        given: dict[str, Any] = {"url": self.url, "query": self.query, "active": self.active}
        if self.variables is not None:
            given["variables"] = _variables(self.variables)
        if self.events is not None:
            given["events"] = frozenset(self.events)
        return replace(draft, **{name: value for name, value in given.items() if value is not None})


def _variables(text: str | None) -> Mapping[str, Any]:
    try:
        return msgspec.json.decode(text or "{}", type=dict[str, Any])
    except (msgspec.DecodeError, msgspec.ValidationError, RecursionError) as error:
        message = "Write the variables as a JSON object."
        raise InvalidInput(message, path=("variables",), example='{"first": 10}') from error
