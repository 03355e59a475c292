"""`python -m graphql_schema.print` writes schema.graphql; with `--check` it only tells whether that would change."""

from __future__ import annotations

import sys
from pathlib import Path

from graphql_schema.schema import build_schema, print_sdl

SDL_FILE = Path(__file__).with_name("schema.graphql")


def main(arguments: list[str]) -> int:
    """Write the file, or compare with it; the exit status is 1 where it differs."""
    sdl = print_sdl(build_schema())
    if arguments == ["--check"]:
        return 0 if SDL_FILE.read_text() == sdl else 1
    SDL_FILE.write_text(sdl)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
