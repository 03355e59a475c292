from typing import Optional

from pydantic import Field

from .base_model import BaseModel


class Viewer(BaseModel):
    viewer: Optional["ViewerViewer"]


class ViewerViewer(BaseModel):
    display_name: str = Field(alias="displayName")


Viewer.model_rebuild()
