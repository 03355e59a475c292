"""Runs of jobs."""

from __future__ import annotations

from datetime import datetime

import strawberry

from api.clusters.objects import Kind
from api.workloads import models
from graphql_schema.connections import After, Before, Connection, First, Last, page_request
from graphql_schema.context import Info
from graphql_schema.enums import RunState, RunTrigger
from graphql_schema.freshness import as_of
from graphql_schema.nodes import Node, encode_id
from graphql_schema.sharing import SHARED
from graphql_schema.workloads.pods import Pod


@strawberry.type(description="One run of a job: a Job of Kubernetes, which makes a pod for each attempt.")
class Run(Node):
    name: str = strawberry.field(description="The Job's name in the cluster.")
    revision: int | None = strawberry.field(description="The app's revision that it runs; null: unknown.")
    trigger: RunTrigger = strawberry.field(description="What began it.")
    state: RunState = strawberry.field(description="How far it is.")
    message: str = strawberry.field(description="How it goes, in a sentence or two.")
    failed_attempts: int = strawberry.field(description="How many of its attempts have failed so far.")
    created_at: datetime = strawberry.field(description="When it was made.")
    started_at: datetime | None = strawberry.field(description="When it began; null: not yet.")
    finished_at: datetime | None = strawberry.field(description="When it ended, well or not; null: not yet.")
    as_of: datetime | None = as_of(Kind.JOB, "jobs")
    model: strawberry.Private[models.Run]

    @classmethod
    def from_model(cls, run: models.Run) -> Run:
        return cls(
            id=encode_id("Run", run.uid),
            name=run.name,
            revision=run.revision,
            trigger=run.trigger,
            state=run.state,
            message=run.message,
            failed_attempts=run.failed_attempts,
            created_at=run.created_at,
            started_at=run.started_at,
            finished_at=run.finished_at,
            model=run,
        )

    @strawberry.field(description="Its attempts, the latest first.", metadata=SHARED)
    def pods(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[Pod] | None:
        page = page_request("pods", first=first, after=after, last=last, before=before)
        return Connection.from_page(info.context.services.workloads.jobs.pods_of(self.model, page), Pod.from_model)
