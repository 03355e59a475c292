"""What a webhook may be: every rule that its input breaks, at once, each on the field that it is about."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec

from api.errors import ExpectedFailure, InvalidInput, InvalidInputs
from api.webhooks.documents import Documents
from api.webhooks.models import WebhookDraft, WebhookEvent
from api.webhooks.targets import Targets

MOST_QUERY_CHARACTERS = 16_384
MOST_VARIABLES_BYTES = 8_192


class DraftCheck:
    """Checks drafts by the rules of the installation and of the graph."""

    def __init__(self, documents: Documents, targets: Targets) -> None:
        self._documents = documents
        self._targets = targets

    def require(self, draft: WebhookDraft) -> None:
        """Raises InvalidInputs with every broken rule. No name is looked up: what it leads to is judged at delivery."""
        checks: tuple[Callable[[], object], ...] = (
            lambda: self._targets.read(draft.url),
            lambda: self._check_query(draft),
            lambda: _check_events(draft),
        )
        failures = [failure for check in checks for failure in _failures(check)]
        if failures:
            raise InvalidInputs(failures)

    def _check_query(self, draft: WebhookDraft) -> None:
        if len(draft.query) > MOST_QUERY_CHARACTERS:
            raise InvalidInput(f"The query has {MOST_QUERY_CHARACTERS} characters at most.", path=("query",))
        if len(msgspec.json.encode(draft.variables)) > MOST_VARIABLES_BYTES:
            raise InvalidInput(f"The variables have {MOST_VARIABLES_BYTES} bytes at most.", path=("variables",))
        self._documents.check(draft.query, draft.variables)


def _check_events(draft: WebhookDraft) -> None:
    if not draft.events or WebhookEvent.PING in draft.events:
        message = "Name at least one event to be told of; PING is asked for by pingWebhook."
        raise InvalidInput(message, path=("events",), example="DEPLOYMENT_FINISHED")


def _failures(check: Callable[[], object]) -> Iterator[ExpectedFailure]:
    try:
        check()
    except InvalidInputs as several:
        yield from several.failures
    except ExpectedFailure as failure:
        yield failure
