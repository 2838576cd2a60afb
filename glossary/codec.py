"""Records of the data model as JSON and back, strictly typed: what the store's JSON columns and the JSONL files hold.

A record becomes an object with its field names in their order; a tuple becomes a list, a range `[start, stop]`, a
mapping an object with sorted keys. Reading back checks every type and names the place of the first mistake.

>>> from glossary.datamodel import Flag
>>> to_json(Flag("damaged", "缺字", form="子收藏品"))
{'code': 'damaged', 'reason': '缺字', 'form': '子收藏品', 'repair': ''}
>>> from_json(Flag, {"code": "damaged", "reason": "a character is missing"})
Flag(code='damaged', reason='a character is missing', form='', repair='')

Concept entries are many, so their text is made and read by msgspec: 9 and 8 microseconds for one of 2 kB, where
Python's encoder and our decoder take 50 and 60.
"""

from __future__ import annotations

import dataclasses
import json
import re
import sys
import types
from collections.abc import Callable, Hashable, Mapping
from functools import cache
from numbers import Integral, Real
from operator import attrgetter
from typing import Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import msgspec

from glossary.datamodel import ConceptEntry

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
JsonObject = dict[str, Json]
Record = TypeVar("Record")

_COMPACT = json.JSONEncoder(ensure_ascii=False, allow_nan=False, check_circular=False, separators=(",", ":"))

_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
"""U+0000 as JSON has it, not a backslash and the same letters."""

_SCALARS = frozenset({str, int, float, bool, types.NoneType})
_MOST_SHAPES = 64
"""Shapes of one record that are remembered; our records have at most a handful of optional fields."""

_Encode = Callable[[object], Json]
_Decode = Callable[[object], object]


class _Mistake(ValueError):
    """A value of the wrong type; `at` grows into its place while the error rises."""

    def __init__(self, what: str, at: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.at = at

    def inside(self, place: str) -> _Mistake:
        """The same, one level up: `place` is a field name or [number]."""
        return _Mistake(self.what, f"{place}.{self.at}" if self.at and self.at[0] != "[" else f"{place}{self.at}")


def dumps(value: Json) -> str:
    """One line of compact JSON, Han characters as they are.

    Raises: ValueError for NaN and infinity, which are no JSON.

    >>> dumps({"term": "區塊鏈", "score": 0.5})
    '{"term":"區塊鏈","score":0.5}'
    """
    return _COMPACT.encode(value)


def to_json(record: object) -> JsonObject:
    """The record as a JSON object; floats and ints become plain ones, whatever numeric type they were."""
    return cast(JsonObject, _encoder(cast(Hashable, type(record)))(record))


def text_of(record: object) -> str:
    """`dumps(to_json(record))` at once, in half the time: lists and plain values are left to the JSON encoder.

    Raises: ValueError as `dumps`.

    >>> from glossary.datamodel import Flag
    >>> text_of(Flag("damaged", "缺字"))
    '{"code":"damaged","reason":"缺字","form":"","repair":""}'
    """
    if type(record) is ConceptEntry:
        try:
            text = _ENTRY_OUT.encode(record)
        except UnicodeEncodeError:  # a lone surrogate
            return _RECORDS.encode(record)
        if not _ODD_SCORE.search(text):
            return text.decode()
    return _RECORDS.encode(record)


def entry_of(text: str) -> ConceptEntry:
    """The entry of a text that `text_of` made; what the text has beside is passed over.

    Raises: ValueError for another text.
    """
    try:
        return _ENTRY_IN.decode(text)
    except (msgspec.DecodeError, RecursionError) as error:  # what is beside the fields may be deep
        raise ValueError(str(error)) from None


def same_entry(text: str) -> ConceptEntry | None:
    """The entry that `text_of` makes exactly this text of, which needs no other check; None when there is none."""
    try:
        entry = entry_of(text)
    except ValueError:
        return None
    return entry if text_of(entry) == text else None


def holds_nul(text: str) -> bool:
    """True when a JSON text has U+0000 in a text of its own, which no store holds.

    >>> holds_nul(dumps("a\\0b")), holds_nul(dumps("\\\\u0000"))
    (True, False)
    """
    return "\\u0000" in text and _NUL.search(text) is not None


def from_json(kind: type[Record], value: object) -> Record:
    """The record of that type a JSON object stands for; fields with a default may be absent.

    Raises: ValueError naming the field (`contexts[0].line`) that is missing, unknown or of the wrong type.
    """
    try:
        return cast(Record, _decoder(cast(Hashable, kind))(value))
    except _Mistake as mistake:
        raise ValueError(f"{mistake.at or kind.__name__}: {mistake.what}") from None


@cache
def _encoder(kind: Hashable) -> _Encode:
    origin, args = get_origin(kind), get_args(kind)
    if dataclasses.is_dataclass(kind):
        return _record_encoder(cast(type, kind))
    if kind in (float, int):
        return cast(_Encode, kind)
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


def _record_encoder(kind: type, *, deep: bool = True) -> _Encode:
    """A record to an object; unless `deep`, records and lists inside are left as they are."""
    hints = get_type_hints(kind)
    names = [f.name for f in dataclasses.fields(kind)]
    own = names if deep else [name for name in names if not _is_nested(hints[name])]
    changed = [(name, encode) for name in own if (encode := _encoder(hints[name])) is not _as_it_is]
    values = attrgetter(*names) if len(names) > 1 else lambda record: (getattr(record, names[0]),)

    def encoded(record: object) -> Json:
        made: JsonObject = dict(zip(names, values(record), strict=True))
        for name, part in changed:
            made[name] = part(made[name])
        return made

    return encoded


def _is_nested(hint: object) -> bool:
    """True for records and lists of anything."""
    parts = get_args(hint) if isinstance(hint, types.UnionType) else (hint,)
    return any(dataclasses.is_dataclass(part) or get_origin(part) is tuple for part in parts)


@cache
def _one_level(kind: Hashable) -> _Encode:
    """What makes something JSON's encoder knows of a value it does not know: a record, a number of numpy, or what is a
    text among other things, such as Markup."""
    made = cast(type, kind)
    if issubclass(made, str):
        return lambda value: str(value)
    if dataclasses.is_dataclass(made):
        return _record_encoder(made, deep=False)
    if issubclass(made, Real):
        return cast(_Encode, int if issubclass(made, Integral) else float)
    raise TypeError(f"{made.__name__} has no JSON")


def _encode_inner(value: object) -> Json:
    return _one_level(cast(Hashable, type(value)))(value)


_RECORDS = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, check_circular=False, separators=(",", ":"), default=_encode_inner
)

_ENTRY_IN = msgspec.json.Decoder(ConceptEntry)
_ENTRY_OUT = msgspec.json.Encoder(enc_hook=_encode_inner)
_ODD_SCORE = re.compile(rb'"score":(?![01]\.(?!0000)\d+[,}])')
"""A score, the one kind of number with a fraction that entries have, which msgspec may write otherwise than Python:
`0.00001` for `1e-05`, `null` for what is no number."""


def _as_it_is(value: object) -> Json:
    return cast(Json, value)


@cache
def _decoder(kind: Hashable) -> _Decode:
    origin, args = get_origin(kind), get_args(kind)
    if dataclasses.is_dataclass(kind):
        return _record_decoder(cast(type, kind))
    if kind is range:
        pair = _decoder(cast(Hashable, tuple[int, int]))
        return lambda value: range(*cast(tuple[int, int], pair(value)))
    if origin is Literal:
        return _choice_decoder(args)
    if origin is tuple:
        return _list_decoder(args[0]) if len(args) == 2 and args[1] is Ellipsis else _tuple_decoder(args)
    if origin is Mapping:
        return _mapping_decoder(args[1])
    if origin in (Union, types.UnionType):
        present = _decoder(next(a for a in args if a is not types.NoneType))
        return lambda value: None if value is None else present(value)
    return _scalar_decoder(cast(type, kind))


def _record_decoder(kind: type) -> _Decode:
    hints = get_type_hints(kind)
    parts = {f.name: _decoder(hints[f.name]) for f in dataclasses.fields(kind)}
    missing = dataclasses.MISSING
    required = {f.name for f in dataclasses.fields(kind) if f.default is missing and f.default_factory is missing}
    names = tuple(parts)
    nested = {name: parts[name] for name in names if not _is_scalar(hints[name])}
    inner = [(at, parts[name]) for at, name in enumerate(names) if name in nested]
    shapes: set[tuple[type, ...]] = set()  # types of fields that were found right: their scalars need no other check
    partial: set[tuple[object, ...]] = set()  # the same for records with fewer fields, names before types

    def decode(value: object) -> object:
        given = value if type(value) is dict else _object(value)
        if tuple(given) == names and (shape := tuple(map(type, given.values()))) in shapes:
            return kind(*_filled(given, inner))
        names_and_types = (*given, *map(type, given.values()))
        if names_and_types in partial:
            return kind(**{**given, **_decoded({name: given[name] for name in given if name in nested}, nested)})
        for name in sorted(required - given.keys()):
            raise _Mistake(f"the field {name!r} is missing")
        for name in given.keys() - parts.keys():
            raise _Mistake(f"unknown field {name!r}")
        made = _decoded(given, parts)
        if _same_scalars(given, made):
            if tuple(given) == names and len(shapes) < _MOST_SHAPES:
                shapes.add(shape)
            elif len(partial) < _MOST_SHAPES:
                partial.add(names_and_types)
        return kind(**made)

    return decode


def _is_scalar(hint: object) -> bool:
    return all(part in _SCALARS for part in (get_args(hint) if isinstance(hint, types.UnionType) else (hint,)))


def _same_scalars(given: Mapping[str, object], made: Mapping[str, object]) -> bool:
    """True when no number had to be converted."""
    return all(type(made[name]) is type(value) for name, value in given.items() if type(value) in _SCALARS)


def _filled(given: Mapping[str, object], inner: list[tuple[int, _Decode]]) -> list[object]:
    """The values in their order, those of the fields `inner` decoded."""
    values, at = list(given.values()), 0
    try:
        for at, part in inner:
            values[at] = part(values[at])
    except _Mistake as mistake:
        raise mistake.inside(list(given)[at]) from None
    return values


def _decoded(given: Mapping[str, object], parts: Mapping[str, _Decode]) -> dict[str, object]:
    made, name = {}, ""
    try:
        for name, item in given.items():
            made[name] = parts[name](item)
    except _Mistake as mistake:
        raise mistake.inside(name) from None
    return made


def _mapping_decoder(kind: Hashable) -> _Decode:
    inner = _decoder(kind)

    def decode(value: object) -> object:
        given = _object(value)
        return _decoded(given, dict.fromkeys(given, inner))

    return decode


def _list_decoder(kind: Hashable) -> _Decode:
    inner = _decoder(kind)

    def decode(value: object) -> object:
        try:
            return tuple([inner(item) for item in _list(value)])
        except _Mistake as mistake:
            raise (located(value) if isinstance(value, list) else mistake) from None

    def located(items: list[object]) -> _Mistake:
        for at, item in enumerate(items):
            try:
                inner(item)
            except _Mistake as mistake:
                return mistake.inside(f"[{at}]")
        raise AssertionError("no mistake the second time")

    return decode


def _tuple_decoder(kinds: tuple[Hashable, ...]) -> _Decode:
    parts = [_decoder(kind) for kind in kinds]

    def decode(value: object) -> object:
        given = _list(value)
        if len(given) != len(parts):
            raise _Mistake(f"{len(parts)} values expected, not {len(given)}")
        made: list[object] = []
        try:
            for part, item in zip(parts, given, strict=True):
                made.append(part(item))
        except _Mistake as mistake:
            raise mistake.inside(f"[{len(made)}]") from None
        return tuple(made)

    return decode


def _object(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise _Mistake(f"dict expected, not {type(value).__name__}")
    return value


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise _Mistake(f"list expected, not {type(value).__name__}")
    return value


def _scalar_decoder(kind: type) -> _Decode:
    def decode(value: object) -> object:
        if type(value) is kind:
            return value
        if kind is float and type(value) is int:
            if abs(value) > sys.float_info.max:
                raise _Mistake("a number too large")
            return float(value)
        raise _Mistake(f"{'int' if kind is float else kind.__name__} expected, not {type(value).__name__}")

    return decode


def _choice_decoder(allowed: tuple[object, ...]) -> _Decode:
    def decode(value: object) -> object:
        if value in allowed:
            return value
        raise _Mistake(f"{value!r} is none of {', '.join(map(str, allowed))}")

    return decode
