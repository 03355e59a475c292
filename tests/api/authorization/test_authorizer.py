"""Who may do what: every role, scope and owner beside what it is denied."""

from __future__ import annotations

from uuid import UUID

import pytest

from api.authorization.authorizer import Authorizer, Verb
from api.authorization.models import Principal, Role, Scope
from api.errors import Forbidden, MoorageError, NotFound

ADA, GRACE, NOBODY = UUID(int=1), UUID(int=2), None
ALL = frozenset(Scope)
READ, WRITE, DELETE, ADMINISTER = Verb.READ, Verb.WRITE, Verb.DELETE, Verb.ADMINISTER


def principal(*, role: Role = Role.MEMBER, scopes: frozenset[Scope] = ALL) -> Principal:
    return Principal(user_id=ADA, email="ada@example.com", role=role, scopes=scopes)


MEMBER = principal()
ADMINISTRATOR = principal(role=Role.ADMINISTRATOR)
READER = principal(scopes=frozenset({Scope.READ}))
WRITER = principal(scopes=frozenset({Scope.WRITE}))
DEMOTED = principal(role=Role.ADMINISTRATOR, scopes=frozenset({Scope.READ, Scope.WRITE}))

DECISIONS: list[tuple[str, Principal, Verb, UUID | None, type[MoorageError] | None]] = [
    ("a member reads their own", MEMBER, READ, ADA, None),
    ("a member writes their own", MEMBER, WRITE, ADA, None),
    ("a member deletes their own", MEMBER, DELETE, ADA, None),
    ("a member administers nothing", MEMBER, ADMINISTER, NOBODY, Forbidden),
    ("another's is absent to read", MEMBER, READ, GRACE, NotFound),
    ("another's is absent to write", MEMBER, WRITE, GRACE, NotFound),
    ("another's is absent to delete", MEMBER, DELETE, GRACE, NotFound),
    ("what is absent is absent", MEMBER, READ, NOBODY, NotFound),
    ("what is absent cannot be written", MEMBER, WRITE, NOBODY, NotFound),
    ("a reading token reads", READER, READ, ADA, None),
    ("a reading token does not write", READER, WRITE, ADA, Forbidden),
    ("a reading token does not delete", READER, DELETE, ADA, Forbidden),
    ("a reading token does not tell what is another's", READER, WRITE, GRACE, NotFound),
    ("a writing token does not read", WRITER, READ, ADA, Forbidden),
    ("a writing token writes", WRITER, WRITE, ADA, None),
    ("an administrator reads another's", ADMINISTRATOR, READ, GRACE, None),
    ("an administrator does not write another's", ADMINISTRATOR, WRITE, GRACE, Forbidden),
    ("an administrator does not delete another's", ADMINISTRATOR, DELETE, GRACE, Forbidden),
    ("an administrator administers", ADMINISTRATOR, ADMINISTER, NOBODY, None),
    ("absent is absent to an administrator", ADMINISTRATOR, READ, NOBODY, NotFound),
    ("without the scope an administrator is a member", DEMOTED, READ, GRACE, NotFound),
    ("without the scope nobody administers", DEMOTED, ADMINISTER, NOBODY, Forbidden),
]


@pytest.mark.parametrize(
    ("who", "verb", "owner_id", "refusal"), [decision[1:] for decision in DECISIONS], ids=[one[0] for one in DECISIONS]
)
def test_a_decision(who: Principal, verb: Verb, owner_id: UUID | None, refusal: type[MoorageError] | None) -> None:
    authorizer = Authorizer()

    assert (refusal is None) is authorizer.may(who, verb, owner_id=owner_id)
    if refusal is None:
        authorizer.require(who, verb, owner_id=owner_id)
    else:
        with pytest.raises(refusal):
            authorizer.require(who, verb, owner_id=owner_id)


@pytest.mark.parametrize("verb", [READ, WRITE, DELETE])
def test_anothers_and_absent_are_told_alike(verb: Verb) -> None:
    with pytest.raises(NotFound) as anothers:
        Authorizer().require(MEMBER, verb, owner_id=GRACE)
    with pytest.raises(NotFound) as absent:
        Authorizer().require(MEMBER, verb, owner_id=NOBODY)

    assert absent.value.message == anothers.value.message


@pytest.mark.parametrize(
    ("who", "verb", "told"),
    [
        (READER, WRITE, "lacks the scope WRITE"),
        (WRITER, READ, "lacks the scope READ"),
        (DEMOTED, ADMINISTER, "lacks the scope ADMIN"),
        (MEMBER, ADMINISTER, "needs an administrator"),
    ],
)
def test_a_credential_without_the_scope_is_told_its_name_in_the_graph(who: Principal, verb: Verb, told: str) -> None:
    with pytest.raises(Forbidden, match=told):
        Authorizer().require(who, verb, owner_id=ADA)


def test_every_verb_is_decided() -> None:
    assert set(Verb) == {verb for _, _, verb, _, _ in DECISIONS}


def test_what_is_absent_is_called_by_its_name() -> None:
    with pytest.raises(NotFound, match="There is no such namespace"):
        Authorizer().require(MEMBER, READ, owner_id=NOBODY, noun="namespace")
