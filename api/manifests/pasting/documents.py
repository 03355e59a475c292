"""YAML from strangers: plain data, bounded in size and depth, without aliases, tags or keys given twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from api.errors import InvalidInput

MOST_DEPTH = 32
MOST_DOCUMENTS = 50
_EXAMPLE = "docker run -p 8080:80 nginx:1.29"


def documents(text: str) -> list[dict[str, Any]]:
    """The mappings in `text`, a document each. Raises InvalidInput on path `text`, with the line that is wrong."""
    try:
        _check_events(text)
        loaded = list(yaml.load_all(text, Loader=_PlainLoader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f" in line {mark.line + 1}" if mark is not None else ""
        raise _unreadable(f"This cannot be read as YAML{where}: {error.problem}.") from error
    except (yaml.YAMLError, ValueError) as error:  # characters that YAML forbids, dates that are none
        raise _unreadable(f"This cannot be read as YAML: {error}.") from error
    return [document for document in loaded if isinstance(document, dict)]


def mapping(value: object) -> Mapping[str, Any]:
    """`value`; an empty one for what is none, as strangers may write anything anywhere."""
    return value if isinstance(value, dict) else {}


def listing(value: object) -> list[Any]:
    """`value`; an empty one for what is no list."""
    return value if isinstance(value, list) else []


def mappings(value: object) -> Iterator[Mapping[str, Any]]:
    """Each item of a list, as a mapping."""
    return map(mapping, listing(value))


def name_of(document: Mapping[str, Any]) -> str:
    """The name of an object of Kubernetes; empty where it says none."""
    return str(mapping(document.get("metadata")).get("name", ""))


def _check_events(text: str) -> None:
    """Before anything is built of it: an alias is a small text for a large one, and depth is a stack of calls."""
    depth = count = 0
    for event in _events(text):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise _unreadable("Anchors and aliases are not read: write their content out.")
        count += isinstance(event, yaml.DocumentStartEvent)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MOST_DEPTH:
            raise _unreadable(f"This is nested deeper than {MOST_DEPTH} levels.")
        if count > MOST_DOCUMENTS:
            raise _unreadable(f"These are more than {MOST_DOCUMENTS} documents. Paste the one of the app.")


def _events(text: str) -> Iterator[yaml.Event]:
    return yaml.parse(text, Loader=yaml.SafeLoader)


def _unreadable(message: str) -> InvalidInput:
    return InvalidInput(message, path=("text",), example=_EXAMPLE)


class _PlainLoader(yaml.SafeLoader):
    """Reads no dates (`2026-11-24` is a tag of an image, not a day), and refuses a key that is given twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.MarkedYAMLError(problem="a key is no text", problem_mark=key.start_mark)
            if key.value in seen:
                raise yaml.MarkedYAMLError(problem=f"{key.value!r} is given twice", problem_mark=key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep=deep)


_PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
