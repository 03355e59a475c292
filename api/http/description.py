"""The OpenAPI description of the REST part: FastAPI takes every answer for application/json, and our errors are not."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

PROBLEM = "application/problem+json"
"""RFC 9457."""


class DescribedApplication(FastAPI):
    """An application whose errors are described as the problems that they are."""

    def openapi(self) -> dict[str, Any]:
        """The description, worked out once."""
        description = super().openapi()
        for operations in description["paths"].values():
            for operation in operations.values():
                _call_errors_problems(operation["responses"])
        return description


def _call_errors_problems(responses: dict[str, Any]) -> None:
    for status, response in responses.items():
        content = response.get("content", {})
        if status >= "400" and "application/json" in content:
            content[PROBLEM] = content.pop("application/json")
