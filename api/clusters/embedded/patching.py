"""PATCH: from a media type and a body to a change of the live object."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from .objects import Obj
from .patch import PatchError, json_patch, merge_patch, strategic_merge_patch
from .requests import as_object, decode_json
from .status import unfit_patch, unsupported_patch

APPLY_TYPE = "application/apply-patch+yaml"
_Patch: TypeAlias = Callable[[Obj, Any], Any]
_PATCHES: Mapping[str, _Patch] = {
    "application/json-patch+json": json_patch,
    "application/merge-patch+json": merge_patch,
    "application/strategic-merge-patch+json": strategic_merge_patch,
}


def patch_of(media_type: str, body: bytes) -> Callable[[Obj], Obj]:
    """The change that a patch stands for; raises ApiError 415 or 400, the change itself ApiError 422."""
    patch = _PATCHES.get(media_type)
    if patch is None:
        raise unsupported_patch()
    document = decode_json(body)

    def change(live: Obj) -> Obj:
        try:
            return as_object(patch(live, document))
        except PatchError as error:
            raise unfit_patch() from error

    return change
