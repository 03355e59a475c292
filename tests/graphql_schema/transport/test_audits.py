"""GraphQL over HTTP by the book: the audits of npm's graphql-http, which its specification's working group keeps.

Source: https://github.com/graphql/graphql-http/blob/main/audits.md
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from pathlib import Path
from typing import Any

AUDITS = Path(__file__).with_name("audits.mjs")
SECONDS = 60
BY_GET = {
    "5A70": "MAY accept application/x-www-form-urlencoded formatted GET requests",
    "6A70": "MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting application/json",
    "D6D5": "MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting "
    "application/graphql-response+json",
}
"""What is not served: an operation by GET would be one that any page could send with a visitor's cookie."""


async def audited(node: str, node_packages: Path, address: str) -> list[dict[str, Any]]:
    url = f"http://{address}/graphql"
    ran = await asyncio.create_subprocess_exec(
        node, str(AUDITS), str(node_packages), url, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    async with asyncio.timeout(SECONDS):
        printed, complaints = await ran.communicate()
    assert ran.returncode == 0, complaints.decode()
    results: list[dict[str, Any]] = json.loads(printed)
    return results


async def test_every_audit_is_passed_but_those_of_get(node: str, node_packages: Path, address: str) -> None:
    results = await audited(node, node_packages, address)

    failed = {each["id"]: each["name"] for each in results if each["status"] != "ok"}
    assert failed == BY_GET
    levels = Counter(each["name"].split(" ", 1)[0] for each in results)
    assert levels == {"MUST": 13, "SHOULD": 23, "MAY": 25}
