"""`tests.bench.followed` with graphql-core's own executor where Moorage's is, to see what that one is worth."""

from __future__ import annotations

import sys
from pathlib import Path

from graphql import Executor

from api.eventloop import run
from graphql_schema import subscribing
from tests.bench.followed import main

if __name__ == "__main__":
    setattr(subscribing, "ShortcutExecutor", Executor)  # noqa: B010  the class that it is derived from
    run(main(Path(sys.argv[1])))
