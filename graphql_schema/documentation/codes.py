"""The closed list of codes as the reference tells it, from where it is declared."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from itertools import pairwise

from api import error_codes


def described_codes() -> Iterator[tuple[str, str]]:
    """Each code with its description: the docstring below it, which Python itself does not keep."""
    (declared,) = (
        node
        for node in ast.parse(inspect.getsource(error_codes)).body
        if isinstance(node, ast.ClassDef) and node.name == error_codes.ErrorCode.__name__
    )
    for member, docstring in pairwise(declared.body):
        match member, docstring:
            case (
                ast.Assign(targets=[ast.Name(id=name)]),
                ast.Expr(value=ast.Constant(value=str(description))),
            ):
                yield error_codes.ErrorCode[name].value, description
