"""An app as files."""

from __future__ import annotations

import strawberry

from api.manifests import export


@strawberry.type(description="A file of an export.")
class ExportedFile:
    path: str = strawberry.field(description="Its path in the folder that is exported.")
    content: str = strawberry.field(description="What is in it.")
    notes: list[str] = strawberry.field(
        description="What of the app's exposure is this installation's own, or could not be exported, and the way out; "
        "its comments at the top say the same. Empty: there is nothing to be known."
    )

    @classmethod
    def from_model(cls, file: export.ExportedFile) -> ExportedFile:
        return cls(path=file.path, content=file.content, notes=list(file.notes))
