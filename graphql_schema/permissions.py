"""What each root field asks of its caller, for people to read. Services decide it (`api.authorization`); a test calls
every field as everybody, and holds this to what they decide.

Whatever lies below a root field is of the object that it gives, and asks the same; a field that asks for more says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from uuid import UUID

from api.authorization.authorizer import Authorizer, Verb
from api.authorization.models import Principal


class Whose(Enum):
    """Whose object a field is about."""

    VIEWER = "viewer"
    """The viewer's own: there is no other to be named."""
    NAMED = "named"
    """That of whoever owns what the arguments name."""


@dataclass(frozen=True, slots=True)
class Permission:
    """Who may use a field, in the Authorizer's terms. Without a `verb` any credential does, and with `strangers` none
    is needed."""

    told: str
    """The same, for people."""
    verb: Verb | None = None
    whose: Whose = Whose.VIEWER
    strangers: bool = False
    also: Verb | None = None
    """What is asked beside `verb`."""
    by_token: bool = True
    """Whether an API token will do at all."""

    def admits(self, viewer: Principal | None, *, owner_id: UUID) -> bool:
        """Whether `viewer` may use the field on what is of `owner_id`."""
        if viewer is None or self.verb is None:
            return self.strangers or viewer is not None
        if viewer.token_id is not None and not self.by_token:
            return False
        owner = viewer.user_id if self.whose is Whose.VIEWER else owner_id
        verbs = [verb for verb in (self.verb, self.also) if verb is not None]
        return all(Authorizer().may(viewer, verb, owner_id=owner) for verb in verbs)


ANYBODY = Permission("Anybody, signed in or not.", strangers=True)
SIGNED_IN = Permission("Whoever is signed in, by any credential.")
OWN_READ = Permission(
    "Whoever is signed in, for what is their own; administrators for everything. A token needs the scope `READ`.",
    Verb.READ,
)
OWN_WRITE = Permission("Whoever is signed in, for themselves. A token needs the scope `WRITE`.", Verb.WRITE)
OWN_SESSION = Permission(
    "Whoever is signed in with a browser, for themselves. No API token may, whatever its scopes.",
    Verb.WRITE,
    by_token=False,
)
READ = Permission("The owner, and administrators. A token needs the scope `READ`.", Verb.READ, Whose.NAMED)
WRITE = Permission("The owner. A token needs the scope `WRITE`.", Verb.WRITE, Whose.NAMED)
READ_AND_WRITE = Permission(
    "The owner. A token needs the scopes `READ` and `WRITE`.", Verb.WRITE, Whose.NAMED, also=Verb.READ
)
ADMINISTER = Permission("Administrators. A token needs the scope `ADMIN`.", Verb.ADMINISTER)

PERMISSIONS: Mapping[str, Permission] = MappingProxyType(
    {
        "viewer": ANYBODY,
        "cluster": ANYBODY,
        "rateLimit": SIGNED_IN,
        "workloadForm": SIGNED_IN,
        "pastedWorkload": SIGNED_IN,
        "users": ADMINISTER,
        "user": READ,
        "node": READ,
        "nodes": READ,
        "namespaces": OWN_READ,
        "namespace": READ,
        "workload": READ,
        "createNamespace": OWN_WRITE,
        "createApiToken": OWN_SESSION,
        "revokeApiToken": WRITE,
        "updateNamespace": WRITE,
        "deleteNamespace": WRITE,
        "planWorkload": WRITE,
        "deployWorkload": WRITE,
        "scaleWorkload": WRITE,
        "restartWorkload": WRITE,
        "runWorkload": WRITE,
        "pauseWorkload": WRITE,
        "resumeWorkload": WRITE,
        "planRollback": WRITE,
        "rollbackWorkload": WRITE,
        "deleteWorkload": WRITE,
        "restoreWorkload": READ_AND_WRITE,
        "deleteVolumeClaim": WRITE,
        "createWebhook": READ_AND_WRITE,
        "updateWebhook": READ_AND_WRITE,
        "rotateWebhookSecret": WRITE,
        "pingWebhook": WRITE,
        "redeliverWebhook": WRITE,
        "deleteWebhook": WRITE,
        "deploymentUpdated": READ,
        "namespaceUpdated": READ,
        "logLines": READ,
        "metricsUpdated": READ,
        "workloadTimeline": READ,
    }
)
"""By the field's name; a test holds it to the schema, where each is the name of one root field alone."""
