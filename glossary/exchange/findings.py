"""Findings of a check as text, JSON Lines, SARIF 2.1.0 or GitHub annotations.

Source: OASIS SARIF 2.1.0 (2020); GitHub, workflow commands for annotations.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from glossary.codec import dumps
from glossary.datamodel import Finding
from glossary.exchange.files import one_line

FindingWriter = Callable[[Iterable[Finding], Mapping[str, str]], Iterator[str]]
"""Takes the findings and what each code means."""

_LONGEST = 100
"""Characters of a unit shown below its findings in the text format."""


def write_findings_text(findings: Iterable[Finding], codes: Mapping[str, str]) -> Iterator[str]:
    """`file:line: CODE message`, the unit's two texts after its findings."""
    for unit, own in groupby(findings, key=lambda f: f.unit):
        for finding in own:
            yield f"{unit.uri}:{unit.line}: {finding.code} {one_line(finding.message)}\n"
        yield f"    {_clipped(unit.source)}\n    {_clipped(unit.target)}\n"


def write_findings_json(findings: Iterable[Finding], codes: Mapping[str, str]) -> Iterator[str]:
    """One object a line."""
    for f in findings:
        yield dumps({
            "code": f.code, "message": f.message, "uri": f.unit.uri, "line": f.unit.line, "id": f.unit.id,
            "side": f.side, "start": f.start, "end": f.end, "suggestion": f.suggestion,
            "source": f.unit.source, "target": f.unit.target,
        }) + "\n"  # fmt: skip


def write_findings_sarif(findings: Iterable[Finding], codes: Mapping[str, str]) -> Iterator[str]:
    """One SARIF log."""
    listed = list(findings)
    rules = [{"id": code, "shortDescription": {"text": text}} for code, text in codes.items()]
    results = [
        {
            "ruleId": f.code,
            "level": "error" if f.is_error else "warning",
            "message": {"text": one_line(f.message)},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": f.unit.uri.replace(" ", "%20")},
                        "region": {"startLine": f.unit.line},
                    }
                }
            ],
        }
        for f in listed
    ]
    driver = {"name": "glossary check", "rules": rules}
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}],
    }
    yield json.dumps(log, ensure_ascii=False, indent=1) + "\n"


def write_findings_github(findings: Iterable[Finding], codes: Mapping[str, str]) -> Iterator[str]:
    """Workflow commands that GitHub shows beside the line."""
    for f in findings:
        level = "error" if f.is_error else "warning"
        place = f"file={_property(f.unit.uri)},line={f.unit.line},title={_property(f.code)}"
        yield f"::{level} {place}::{_command(f.message)}\n"


def _command(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _command(text).replace(":", "%3A").replace(",", "%2C")


def _clipped(text: str) -> str:
    line = one_line(text)
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"


FINDING_WRITERS: dict[str, FindingWriter] = {
    "text": write_findings_text, "json": write_findings_json, "sarif": write_findings_sarif,
    "github": write_findings_github,
}  # fmt: skip


def summary(findings: Sequence[Finding], units: int, untranslated: int) -> str:
    """One line for people.

    >>> summary([], 12, 2)
    '12 units, 2 of them not translated: no errors, no warnings'
    """
    errors = sum(f.is_error for f in findings)
    counts = [f"{n} {name}{'s' if n > 1 else ''}" if n else f"no {name}s"
              for n, name in ((errors, "error"), (len(findings) - errors, "warning"))]  # fmt: skip
    alone = f", {untranslated} of them not translated" if untranslated else ""
    return f"{units} units{alone}: {counts[0]}, {counts[1]}"
