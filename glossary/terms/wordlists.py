"""English words that make no term or open none: hand-made lists."""

from __future__ import annotations

_EMPTY = """
way ways number numbers lot kind kinds sort type types part parts thing things one ones example examples case cases
fact year years month months week weeks day days time times end beginning majority plurality form means term today
yesterday tomorrow percent cent per total half addition order terms sense people person man woman something anything
everything nothing others other same such several many much more most few less least own each every any some all both
either neither another various certain whole entire rest bit pair set sets first second third last next past
"""
EMPTY_WORDS = frozenset(_EMPTY.split())
"""Words that are no term by themselves and do not open one. A hand-made list, as is the next."""

_SHELLS = """
number numbers kind kinds sort sorts type types part parts end ends form forms means term terms case cases fact facts
addition order orders sense rest pair pairs set sets example examples time times day days half thing things person
people point points majority
"""
SHELL_NOUNS = frozenset(_SHELLS.split())
"""Empty by themselves, but part of longer terms: training set, time step, use case."""

ORDINALS = frozenset({"first", "second", "third"})

_GENERIC = """
new recent old different various own such many several some more most least further bigger biggest great greater
huge large larger largest small smaller key major main important other same whole good better best similar certain
possible available specific particular current previous following increasing growing additional total overall annual
last next past early late latest recently registered related underlying existing pre-existing initial unexpected
promising well-known official potential respective necessary popular common full final first second third
southern northern eastern western southwestern southeastern northwestern northeastern central
chinese american global local mainland senior detailed formal broad wide particular
"""
GENERIC_MODIFIERS = frozenset(_GENERIC.split())
"""Modifiers that rarely belong to the term they stand before; a feature of the score, not a filter."""

_CALENDAR = """
january february march april may june july august september october november december monday tuesday wednesday
thursday friday saturday sunday jan feb mar apr jun jul aug sept sep oct nov dec
"""
MONTHS = frozenset(_CALENDAR.split())

_MONEY = "RMB CNY USD US HKD HK NTD NT TWD SGD MOP EUR GBP JPY AUD CAD"
CURRENCIES = frozenset(_MONEY.split())
"""A number after one of these is an amount. A hand-made list."""
