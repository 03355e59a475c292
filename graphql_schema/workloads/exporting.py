"""An app as files."""

from __future__ import annotations

import strawberry

from api.manifests import export


@strawberry.type(description="A file of an export.")
class ExportedFile:
    path: str = strawberry.field(description="Its path in the folder that is exported.")
    content: str = strawberry.field(description="What is in it.")

    @classmethod
    def from_model(cls, file: export.ExportedFile) -> ExportedFile:
        return cls(path=file.path, content=file.content)
