"""May this principal do this verb on this object? Pure decisions: no I/O, no state."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from api.authorization.models import Principal, Role, Scope
from api.errors import Forbidden, NotFound


class Verb(StrEnum):
    """What can be done to an object."""

    READ = "read"
    WRITE = "write"
    DELETE = "delete"
    ADMINISTER = "administer"
    """What only an administrator may, of the installation as a whole."""


@dataclass(frozen=True, slots=True)
class Rights:
    """What a principal who may see an object may do to it, by verb."""

    write: bool
    delete: bool


_SCOPES = {Verb.READ: Scope.READ, Verb.WRITE: Scope.WRITE, Verb.DELETE: Scope.WRITE, Verb.ADMINISTER: Scope.ADMIN}


class Authorizer:
    """The one place where rights are decided. Owners may do everything to what is theirs; administrators may read
    everything, and change what is their own."""

    def may(self, principal: Principal, verb: Verb, *, owner_id: UUID | None) -> bool:
        """Whether `verb` is allowed on an object of `owner_id`; None stands for an object that is not there."""
        return _SCOPES[verb] in principal.scopes and self._reaches(principal, verb, owner_id)

    def rights(self, principal: Principal, *, owner_id: UUID) -> Rights:
        """What `require` would let the principal do to an object of `owner_id`."""
        return Rights(
            write=self.may(principal, Verb.WRITE, owner_id=owner_id),
            delete=self.may(principal, Verb.DELETE, owner_id=owner_id),
        )

    def require(self, principal: Principal, verb: Verb, *, owner_id: UUID | None, noun: str = "object") -> None:
        """Nothing where it is allowed; `noun` is what people call the object.

        Raises NotFound for what is absent and for what is another's, alike; Forbidden where the principal may see the
        object (or it is the installation) and the credential or role does not suffice.
        """
        if verb is Verb.ADMINISTER:
            if not self.may(principal, verb, owner_id=owner_id):
                raise Forbidden(_no_administrator(principal))
            return
        if not self._reaches(principal, Verb.READ, owner_id):
            raise NotFound(f"There is no such {noun}.")
        if not self._reaches(principal, verb, owner_id):
            raise Forbidden("Administrators may look at what is another's, and not change it.")
        if _SCOPES[verb] not in principal.scopes:
            raise Forbidden(lacks(_SCOPES[verb]))

    def _reaches(self, principal: Principal, verb: Verb, owner_id: UUID | None) -> bool:
        if verb is Verb.ADMINISTER:
            return principal.is_administrator
        if owner_id is None:
            return False
        return owner_id == principal.user_id or (verb is Verb.READ and principal.is_administrator)


def lacks(scope: Scope) -> str:
    """What somebody is told whose credential has not that scope, which the graph calls by its name."""
    return f"This credential lacks the scope {scope.name}. Use a token that has it."


def _no_administrator(principal: Principal) -> str:
    if principal.role is Role.ADMINISTRATOR and Scope.ADMIN not in principal.scopes:
        return lacks(Scope.ADMIN)
    return "This needs an administrator."
