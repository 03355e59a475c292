"""The reference: one page that is made of the printed schema, so that it cannot say anything else than that.

It needs no script, and so suits the pages' policy; a browser's own search finds everything in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape

from graphql import (
    DirectiveNode,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLUnionType,
    build_schema,
    is_introspection_type,
    is_specified_scalar_type,
)
from graphql.language import print_ast

from graphql_schema.documentation.codes import described_codes
from graphql_schema.documentation.markup import default_of, link, prose, rows, type_link
from graphql_schema.documentation.published import PublishedSchema
from graphql_schema.permissions import PERMISSIONS

PROTOCOLS: Mapping[str, str] = {
    "HTTP": "`POST /graphql` with a JSON body, by the GraphQL over HTTP specification. Accept "
    "`application/graphql-response+json` to be told by the status too where a request is at fault. There is no GET, "
    "and there are no batches.",
    "Server-Sent Events": "The same request with `Accept: text/event-stream`: any operation, subscriptions among them, "
    "by the protocol `graphql-sse` in its mode of distinct connections.",
    "WebSocket": "`/graphql`, subprotocol `graphql-transport-ws`: any operation, subscriptions among them. A token "
    'goes into the payload of `connection_init`: `{"authorization": "Bearer …"}`.',
}
"""How the graph is spoken to."""

CREDENTIALS = (
    "Programs send an API token, `Authorization: Bearer mrg_…`, which is made in the graph (`createApiToken`) or on "
    "the account page. Without a right to an object, and without the object itself, the answer is the same."
)
_KINDS: tuple[tuple[str, type[GraphQLNamedType]], ...] = (
    ("Objects", GraphQLObjectType),
    ("Interfaces", GraphQLInterfaceType),
    ("Unions", GraphQLUnionType),
    ("Inputs", GraphQLInputObjectType),
    ("Enums", GraphQLEnumType),
    ("Scalars", GraphQLScalarType),
)
_STANDARD_DIRECTIVES = frozenset({"deprecated", "specifiedBy", "oneOf"})


def reference_page(published: PublishedSchema, *, has_explorer: bool) -> str:
    """The whole page, for the stylesheet beside it; it leads to the explorer where there is one."""
    schema = build_schema(published.sdl)
    main = "".join([*_operations(schema), _errors(), *_directives(schema), *_types(schema)])
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<link rel="icon" href="/mark.svg" type="image/svg+xml"><link rel="stylesheet" href="/docs/graphql.css">'
        f"<title>Reference of the graph | Moorage</title></head><body>{_contents(schema)}<main>"
        f"{_introduction(published, has_explorer=has_explorer)}{main}</main></body></html>"
    )


def _introduction(published: PublishedSchema, *, has_explorer: bool) -> str:
    protocols = rows(((escape(name), prose(text)) for name, text in PROTOCOLS.items()), heads=("Protocol", "How"))
    explorer = '; try it in the <a href="/graphiql">explorer</a>' if has_explorer else ""
    return (
        "<h1>Reference of the graph</h1>"
        f'<p>Version <code>{published.version}</code>, as <a href="/graphql/schema.graphql">schema.graphql</a> for '
        f"tools{explorer}.</p>"
        f'<h2 id="protocols">Protocols</h2>{protocols}<p>{prose(CREDENTIALS)}</p>'
    )


def _contents(schema: GraphQLSchema) -> str:
    groups = [
        ("Operations", [root.name for root in _roots(schema)]),
        *((kind, names) for kind, names in _names(schema)),
    ]
    lists = "".join(
        f"<details{' open' if title == 'Operations' else ''}><summary>{title}</summary>"
        f"<ul>{''.join(f'<li>{link(name)}</li>' for name in names)}</ul></details>"
        for title, names in groups
    )
    return (
        '<nav aria-label="Contents"><a href="/">Moorage</a><a href="#protocols">Protocols</a>'
        f'<a href="#errors">Errors</a>{lists}</nav>'
    )


def _names(schema: GraphQLSchema) -> Iterator[tuple[str, list[str]]]:
    for title, kind in _KINDS:
        yield title, [type_.name for type_ in _described(schema) if isinstance(type_, kind)]


def _roots(schema: GraphQLSchema) -> list[GraphQLObjectType]:
    roots = (schema.query_type, schema.mutation_type, schema.subscription_type)
    return [root for root in roots if root is not None]


def _described(schema: GraphQLSchema) -> list[GraphQLNamedType]:
    roots = _roots(schema)
    return [
        type_
        for type_ in schema.type_map.values()
        if type_ not in roots and not is_introspection_type(type_) and not is_specified_scalar_type(type_)
    ]


def _operations(schema: GraphQLSchema) -> Iterator[str]:
    for root in _roots(schema):
        yield f'<h2 id="{root.name}">{root.name}</h2><p>{prose(root.description)}</p>'
        for name, field in root.fields.items():
            permission = PERMISSIONS.get(name)
            who = f"<p><b>Who</b> {prose(permission.told)}</p>" if permission else ""
            yield (
                f'<section id="{root.name}.{name}"><h3><code>{name}</code> → {type_link(field.type)}</h3>'
                f"<p>{prose(field.description)}</p>{who}{_paragraphs(field)}{_arguments(field)}</section>"
            )


def _paragraphs(field: GraphQLField) -> str:
    cost = _cost(field)
    return (f"<p><b>Cost</b> {cost}</p>" if cost else "") + _deprecation(field.deprecation_reason)


def _arguments(field: GraphQLField) -> str:
    cells = (
        (f"<code>{name}</code>", type_link(argument.type) + default_of(argument), prose(argument.description))
        for name, argument in field.args.items()
    )
    return rows(cells, heads=("Argument", "Type", "What it is"))


def _errors() -> str:
    cells = ((f"<code>{code}</code>", prose(told)) for code, told in described_codes())
    return (
        '<h2 id="errors">Errors</h2><p>A failure that the caller can mend is a member of the payload\'s '
        f"<code>errors</code>, by {link('UserError')}. Any other has one of these as its <code>extensions.code</code>, "
        f"and no other code is ever sent.</p>{rows(cells, heads=('Code', 'What it means'))}"
    )


def _directives(schema: GraphQLSchema) -> Iterator[str]:
    """What the schema says of itself in directives of its own, such as what fields cost."""
    for directive in schema.directives:
        if directive.ast_node is not None and directive.name not in _STANDARD_DIRECTIVES:
            yield f'<h2 id="@{directive.name}"><code>@{directive.name}</code></h2><p>{prose(directive.description)}</p>'


def _types(schema: GraphQLSchema) -> Iterator[str]:
    for title, kind in _KINDS:
        yield f"<h2>{title}</h2>"
        for type_ in _described(schema):
            if isinstance(type_, kind):
                yield f'<section id="{type_.name}"><h3>{type_.name}</h3><p>{prose(type_.description)}</p>'
                yield f"{_members(type_, schema)}</section>"


def _members(type_: GraphQLNamedType, schema: GraphQLSchema) -> str:
    match type_:
        case GraphQLObjectType() | GraphQLInterfaceType():
            return _implemented(type_) + _fields(type_)
        case GraphQLUnionType():
            return f"<p>One of {', '.join(link(each.name) for each in schema.get_possible_types(type_))}.</p>"
        case GraphQLEnumType():
            cells = ((f"<code>{name}</code>", prose(value.description)) for name, value in type_.values.items())
            return rows(cells, heads=("Value", "What it means"))
        case GraphQLInputObjectType():
            inputs = (
                (f"<code>{name}</code>", type_link(field.type) + default_of(field), prose(field.description))
                for name, field in type_.fields.items()
            )
            return rows(inputs, heads=("Field", "Type", "What it is"))
    return ""


def _implemented(type_: GraphQLObjectType | GraphQLInterfaceType) -> str:
    names = ", ".join(link(interface.name) for interface in type_.interfaces)
    return f"<p>Implements {names}.</p>" if names else ""


def _fields(type_: GraphQLObjectType | GraphQLInterfaceType) -> str:
    cells = (
        (
            f"<code>{name}</code>",
            type_link(field.type),
            prose(field.description) + _deprecation(field.deprecation_reason) + _arguments(field),
            _cost(field),
        )
        for name, field in type_.fields.items()
    )
    return rows(cells, heads=("Field", "Type", "What it is", "Cost"))


def _deprecation(reason: str | None) -> str:
    return f"<p><b>Deprecated</b> {prose(reason)}</p>" if reason else ""


def _cost(field: GraphQLField) -> str:
    """What the schema's own directives say of a field, and what a page of a list comes to."""
    told = [_written(each) for each in (field.ast_node.directives or () if field.ast_node else ())]
    if "first" in field.args:
        told.append("as many items as its page has")
    return ", ".join(each for each in told if each)


def _written(directive: DirectiveNode) -> str:
    """`@cost(weight: "5")` is `5 points`; any other is shown as it is written."""
    if directive.name.value in _STANDARD_DIRECTIVES:
        return ""
    arguments = {each.name.value: print_ast(each.value).strip('"') for each in directive.arguments or ()}
    if directive.name.value == "cost" and "weight" in arguments:
        once = " once in all" if arguments.get("batched") == "true" else ""
        return f'<a href="#@cost">{escape(arguments["weight"])} points{once}</a>'
    return f"<code>{escape(print_ast(directive))}</code>"
