"""Which documents are executed: any, or those of the web app alone, as its build left them.

By the appendix on persisted documents of GraphQL over HTTP (https://github.com/graphql/graphql-over-http, "Persisted
Documents"): a document goes by `sha256:` and the hash of its text. The manifest is a JSON object of hash and text, as
GraphQL Code Generator writes it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import msgspec
from graphql import GraphQLError

from api.error_codes import ErrorCode
from api.errors import ConfigurationError
from graphql_schema.documents import InvalidDocument

MANIFEST = "trusted-documents.json"
"""Its name in the web app's build."""
_PREFIX = "sha256:"


class AnyDocuments:
    """Whatever a client sends; it is known by its text alone."""

    def text(self, query: str | None, document_id: str | None) -> str:
        """The text to execute; raises InvalidDocument where there is none."""
        if document_id is not None:
            raise _refused("Documents are not known by an id here: send the `query`.", ErrorCode.BAD_REQUEST)
        if query is None:
            raise _refused("Send the `query`.", ErrorCode.BAD_REQUEST)
        return query


class TrustedDocuments(AnyDocuments):
    """Those of a manifest, by their id or by their text, letter for letter."""

    def __init__(self, manifest: Mapping[str, str]) -> None:
        self._texts = manifest
        self._known = frozenset(manifest.values())

    @classmethod
    def read(cls, file: Path) -> TrustedDocuments:
        """Those of `file`; raises ConfigurationError where it is not there, or is not what a build writes."""
        try:
            manifest = msgspec.json.decode(file.read_bytes(), type=dict[str, str])
        except (OSError, msgspec.DecodeError) as error:
            message = f"The trusted documents cannot be read from {file} ({error}). Run `make web`."
            raise ConfigurationError(message, setting="MOORAGE_TRUSTED_DOCUMENTS") from error
        if any(hashlib.sha256(text.encode()).hexdigest() != key for key, text in manifest.items()):
            message = f"{file} names a document by a hash that is not its own. Run `make web`."
            raise ConfigurationError(message, setting="MOORAGE_TRUSTED_DOCUMENTS")
        return cls(manifest)

    def text(self, query: str | None, document_id: str | None) -> str:
        """The text of the document; raises InvalidDocument for any that is not in the manifest, and where both are
        sent that are not the same."""
        text = query if document_id is None else self._texts.get(document_id.removeprefix(_PREFIX))
        if text is None or text not in self._known or query not in (None, text):
            message = "This server executes the documents of its own web app alone, and this is none of them."
            raise _refused(message, ErrorCode.DOCUMENT_NOT_TRUSTED)
        return text


def _refused(message: str, code: ErrorCode) -> InvalidDocument:
    return InvalidDocument([GraphQLError(message)], code=code)
