"""JSON Schemas (2020-12) of the records, made from their types, so that description and answers cannot differ."""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Mapping
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

Schema = dict[str, Any]

_PLAIN: dict[object, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    type(None): {"type": "null"},
    range: {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2},
}


def schema_of(kind: object, known: dict[str, Schema]) -> Schema:
    """The schema of a type; those of records go into `known` by name and are referred to.

    >>> known = {}
    >>> schema_of(tuple[int, ...], known), schema_of(str | None, known)
    ({'type': 'array', 'items': {'type': 'integer'}}, {'anyOf': [{'type': 'string'}, {'type': 'null'}]})
    """
    if kind in _PLAIN:
        return dict(_PLAIN[kind])
    origin, args = get_origin(kind), get_args(kind)
    if origin is Literal:
        return {"type": "string", "enum": list(args)}
    if origin in (Union, types.UnionType):
        return {"anyOf": [schema_of(a, known) for a in args]}
    if origin is tuple and len(args) == 2 and args[1] is Ellipsis:
        return {"type": "array", "items": schema_of(args[0], known)}
    if origin is tuple:
        parts = [schema_of(a, known) for a in args]
        return {"type": "array", "prefixItems": parts, "minItems": len(parts), "maxItems": len(parts)}
    if origin is not None and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": schema_of(args[1], known)}
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        return _record(kind, known)
    raise TypeError(f"{kind!r} has no schema")


def _record(kind: type, known: dict[str, Schema]) -> Schema:
    name = kind.__name__
    if name not in known:
        known[name] = {}  # a record may hold itself
        hints = get_type_hints(kind)
        fields = dataclasses.fields(kind)
        required = [
            f.name for f in fields if f.default is dataclasses.MISSING and f.default_factory is dataclasses.MISSING
        ]
        known[name] = {
            "type": "object",
            "description": (kind.__doc__ or "").split("\n")[0],
            "properties": {f.name: schema_of(hints[f.name], known) for f in fields},
            "required": required,
            "additionalProperties": False,
        }
    return {"$ref": f"#/components/schemas/{name}"}
