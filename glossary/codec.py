"""Records of the data model as JSON and back, strictly typed: what the store's JSON columns and the JSONL files hold.

A record becomes an object with its field names in their order; a tuple becomes a list, a range `[start, stop]`, a
mapping an object with sorted keys. Reading back checks every type and names the place of the first mistake.

>>> from glossary.datamodel import Flag
>>> to_json(Flag("damaged", "缺字", form="子收藏品"))
{'code': 'damaged', 'reason': '缺字', 'form': '子收藏品', 'repair': ''}
>>> from_json(Flag, {"code": "damaged", "reason": "a character is missing"})
Flag(code='damaged', reason='a character is missing', form='', repair='')
"""

from __future__ import annotations

import dataclasses
import json
import types
from collections.abc import Callable, Hashable, Mapping
from functools import cache
from typing import Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
JsonObject = dict[str, Json]
Record = TypeVar("Record")

_Encode = Callable[[object], Json]
_Decode = Callable[[object, str], object]


def dumps(value: Json) -> str:
    """One line of compact JSON, Han characters as they are.

    Raises: ValueError for NaN and infinity, which are no JSON.

    >>> dumps({"term": "區塊鏈", "score": 0.5})
    '{"term":"區塊鏈","score":0.5}'
    """
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def to_json(record: object) -> JsonObject:
    """The record as a JSON object; floats and ints become plain ones, whatever numeric type they were."""
    return cast(JsonObject, _encoder(cast(Hashable, type(record)))(record))


def from_json(kind: type[Record], value: object) -> Record:
    """The record of that type a JSON object stands for; fields with a default may be absent.

    Raises: ValueError naming the field (`contexts[0].line`) that is missing, unknown or of the wrong type.
    """
    return cast(Record, _decoder(cast(Hashable, kind))(value, ""))


@cache
def _encoder(kind: Hashable) -> _Encode:
    origin, args = get_origin(kind), get_args(kind)
    if dataclasses.is_dataclass(kind):
        return _record_encoder(cast(type, kind))
    if kind is float:
        return lambda value: float(cast(float, value))
    if kind is int:
        return lambda value: int(cast(int, value))
    if kind is range:
        return lambda value: [int(cast(range, value).start), int(cast(range, value).stop)]
    if origin is tuple:
        parts = [_encoder(a) for a in args if a is not Ellipsis]
        if len(args) == 2 and args[1] is Ellipsis:
            return lambda value: [parts[0](v) for v in cast(tuple[object, ...], value)]
        return lambda value: [p(v) for p, v in zip(parts, cast(tuple[object, ...], value), strict=True)]
    if origin is Mapping:
        inner = _encoder(args[1])
        return lambda value: {k: inner(v) for k, v in sorted(cast(Mapping[str, object], value).items())}
    if origin in (Union, types.UnionType):
        present = _encoder(next(a for a in args if a is not types.NoneType))
        return lambda value: None if value is None else present(value)
    return _as_it_is


def _record_encoder(kind: type) -> _Encode:
    hints = get_type_hints(kind)
    parts = [(f.name, _encoder(hints[f.name])) for f in dataclasses.fields(kind)]
    return lambda value: {
        name: getattr(value, name) if encode is _as_it_is else encode(getattr(value, name)) for name, encode in parts
    }


def _as_it_is(value: object) -> Json:
    return cast(Json, value)


@cache
def _decoder(kind: Hashable) -> _Decode:
    origin, args = get_origin(kind), get_args(kind)
    if dataclasses.is_dataclass(kind):
        return _record_decoder(cast(type, kind))
    if kind is range:
        return lambda value, at: range(*cast(tuple[int, int], _decoder(tuple[int, int])(value, at)))
    if origin is Literal:
        return lambda value, at: _one_of(args, value, at)
    if origin is tuple:
        return _tuple_decoder(args)
    if origin is Mapping:
        inner = _decoder(args[1])
        return lambda value, at: {k: inner(v, f"{at}.{k}") for k, v in _expect(dict, value, at).items()}
    if origin in (Union, types.UnionType):
        present = _decoder(next(a for a in args if a is not types.NoneType))
        return lambda value, at: None if value is None else present(value, at)
    return lambda value, at: _scalar(cast(type, kind), value, at)


def _record_decoder(kind: type) -> _Decode:
    hints = get_type_hints(kind)
    parts = {f.name: _decoder(hints[f.name]) for f in dataclasses.fields(kind)}
    missing = dataclasses.MISSING
    required = {f.name for f in dataclasses.fields(kind) if f.default is missing and f.default_factory is missing}

    def decode(value: object, at: str) -> object:
        given = _expect(dict, value, at)
        for name in sorted(required - given.keys()):
            raise ValueError(f"{at or kind.__name__}: the field {name!r} is missing")
        for name in given.keys() - parts.keys():
            raise ValueError(f"{at or kind.__name__}: unknown field {name!r}")
        return kind(**{name: parts[name](item, f"{at}.{name}".lstrip(".")) for name, item in given.items()})

    return decode


def _tuple_decoder(args: tuple[Hashable, ...]) -> _Decode:
    if len(args) == 2 and args[1] is Ellipsis:
        inner = _decoder(args[0])
        return lambda value, at: tuple(inner(v, f"{at}[{i}]") for i, v in enumerate(_expect(list, value, at)))
    parts = [_decoder(a) for a in args]

    def decode(value: object, at: str) -> object:
        given = _expect(list, value, at)
        if len(given) != len(parts):
            raise ValueError(f"{at}: {len(parts)} values expected, not {len(given)}")
        return tuple(part(v, f"{at}[{i}]") for i, (part, v) in enumerate(zip(parts, given, strict=True)))

    return decode


_Expected = TypeVar("_Expected", dict[str, object], list[object], str, int)


def _expect(kind: type[_Expected], value: object, at: str) -> _Expected:
    if not isinstance(value, kind) or isinstance(value, bool):
        raise ValueError(f"{at or 'record'}: {kind.__name__} expected, not {type(value).__name__}")
    return value


def _scalar(kind: type, value: object, at: str) -> object:
    if kind is float:
        return float(_expect(int, value, at)) if not isinstance(value, float) else value
    if kind is bool and isinstance(value, bool):
        return value
    return _expect(kind, value, at)


def _one_of(allowed: tuple[object, ...], value: object, at: str) -> object:
    if value not in allowed:
        raise ValueError(f"{at}: {value!r} is none of {', '.join(map(str, allowed))}")
    return value
