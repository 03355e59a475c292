"""Conditions of a status: one of each type, whose transition time moves only with its status."""

from __future__ import annotations

from .objects import Obj


def set_condition(
    status: Obj, condition_type: str, value: str, *, reason: str, message: str, now: str, updated: bool = False
) -> None:
    """Sets a condition in place; with `updated` it carries `lastUpdateTime`, as those of Deployments do."""
    conditions: list[Obj] = list(status.get("conditions") or ())
    before = next((each for each in conditions if each["type"] == condition_type), None)
    if before and (before["status"], before.get("reason"), before.get("message")) == (value, reason, message):
        return
    condition: Obj = {"type": condition_type, "status": value}
    if updated:
        condition["lastUpdateTime"] = now
    moved = before is None or before["status"] != value
    condition["lastTransitionTime"] = now if moved or before is None else before["lastTransitionTime"]
    condition |= {name: text for name, text in (("reason", reason), ("message", message)) if text}
    status["conditions"] = [
        *(each for each in conditions if each["type"] != condition_type),
        condition,
    ]


def remove_condition(status: Obj, condition_type: str) -> None:
    kept = [each for each in status.get("conditions") or () if each["type"] != condition_type]
    if kept:
        status["conditions"] = kept
    else:
        status.pop("conditions", None)
