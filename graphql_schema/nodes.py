"""Relay's global object identification: https://relay.dev/graphql/objectidentification.htm.

An id is the type's name and the object's own id (a UUID of ours, or a UID of the cluster), in base64url. It says
nothing that its holder may not know, and grants nothing: `node` asks the same authorized services as every field.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from uuid import UUID

import strawberry

_MAX_ID_LENGTH = 200


@strawberry.interface(description="An object that can be fetched again by its id.")
class Node:
    id: strawberry.ID = strawberry.field(description="Opaque and stable; an object created again has another.")


@dataclass(frozen=True, slots=True)
class NodeKey:
    """What an id names: an object of the type `type_name`."""

    type_name: str
    value: str

    def uuid(self) -> UUID | None:
        """The value as one of our UUIDs; None where it is not the canonical text of one."""
        try:
            uuid = UUID(self.value)
        except ValueError:
            return None
        return uuid if str(uuid) == self.value else None


def encode_id(type_name: str, value: UUID | str) -> strawberry.ID:
    """The id of an object."""
    text = f"{type_name}:{value}".encode()
    return strawberry.ID(base64.urlsafe_b64encode(text).decode().rstrip("="))


def decode_id(id: str) -> NodeKey | None:
    """What `id` names; None where `encode_id` did not make it."""
    if len(id) > _MAX_ID_LENGTH:
        return None
    try:
        type_name, colon, value = base64.urlsafe_b64decode(id + "=" * (-len(id) % 4)).decode().partition(":")
    except (binascii.Error, ValueError):
        return None
    return NodeKey(type_name, value) if colon and encode_id(type_name, value) == id else None


def decode_uuid(id: str, type_name: str) -> UUID | None:
    """The UUID in an id of `type_name`; None for any other id."""
    key = decode_id(id)
    return key.uuid() if key is not None and key.type_name == type_name else None
