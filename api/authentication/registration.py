"""Registration: who may become a user, and under which address and name."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from api.authentication.passwords import check_password
from api.authorization.models import Role
from api.database.tables import CredentialRow, UserRow
from api.errors import InvalidInput, NameTaken
from api.users.models import User
from api.users.service import user_model

_MAX_EMAIL = 254
_MAX_NAME = 80
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)*")


@dataclass(frozen=True, slots=True)
class Registration:
    """Who wants to be a user. `admin_token` is the one-time token of the first administrator, if any."""

    email: str
    password: str = field(repr=False)
    display_name: str
    admin_token: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class NewAccount:
    """Address and name as they are kept."""

    email: str
    display_name: str


def new_account(registration: Registration) -> NewAccount:
    """What is kept of a registration that keeps the rules; raises InvalidInput, naming the field."""
    account = NewAccount(normalised(registration.email), " ".join(registration.display_name.split()))
    if not is_email(account.email):
        raise InvalidInput("This is no e-mail address.", path=("email",), example="ada@example.com")
    if not is_name(account.display_name):
        raise InvalidInput(f"A name has 1 to {_MAX_NAME} characters.", path=("displayName",), example="Ada Lovelace")
    check_password(registration.password, email=account.email)
    return account


def normalised(email: str) -> str:
    """Addresses are one account however they are written: case, surrounding space, composed letters."""
    return unicodedata.normalize("NFC", email).strip().lower()


def is_email(email: str) -> bool:
    """Whether it can be an address; only a mail sent there would tell more."""
    return len(email) <= _MAX_EMAIL and email.isprintable() and _EMAIL.fullmatch(email) is not None


def is_name(name: str) -> bool:
    """Whether it can be shown as the name of somebody, or of a token."""
    return 1 <= len(name) <= _MAX_NAME and name.isprintable()


async def add_user(session: AsyncSession, account: NewAccount, *, role: Role, password_hash: str) -> User:
    """A new user with a password; raises NameTaken where the address is in use."""
    statement = (
        insert(UserRow)
        .values(email=account.email, display_name=account.display_name, role=role.value)
        .on_conflict_do_nothing(index_elements=[UserRow.email])
        .returning(UserRow)
    )
    row = await session.scalar(statement)
    if row is None:
        raise NameTaken("There is an account with this address already. Log in instead.", path=("email",))
    session.add(CredentialRow(user_id=row.id, password_hash=password_hash))
    return user_model(row)
