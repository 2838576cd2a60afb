"""House rules: what may import what, how quick and how small things are, and that the documents tell the truth."""

from __future__ import annotations

import ast
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import glossary as front_door
from glossary.cli import main
from tests.conftest import Built, RunGlossary, copy_store

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
README = (ROOT / "README.md").read_text(encoding="utf-8")
PRODUCT = [p for folder in ("glossary", "web") for p in sorted((ROOT / folder).rglob("*.py"))]

MOST_LINES = 400
MOST_LINES_OF_A_FUNCTION = 50
SLOWEST_IMPORT = 0.2  # seconds, the best of three: another process may be running


def commands(group: click.Group = main, prefix: str = "glossary") -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{prefix} {name}")
        else:
            yield f"{prefix} {name}", command


def examples() -> list[str]:
    """The command lines of the README, in order."""
    return re.findall(r"^    (glossary [^#\n]*?) *(?:#.*)?$", README, re.MULTILINE)


# imports


def test_rooms_keep_to_their_contracts() -> None:
    lint = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(lint, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout


def test_every_module_has_its_floor() -> None:
    layers = next(c["layers"] for c in PROJECT["tool"]["importlinter"]["contracts"] if c["type"] == "layers")
    placed = {name.strip() for layer in layers for name in layer.split("|")}
    found = {f"glossary.{p.stem}" for p in (ROOT / "glossary").glob("*.py") if p.stem != "__init__"}
    found |= {f"glossary.{p.parent.name}" for p in (ROOT / "glossary").glob("*/__init__.py")}
    assert found - placed == set()


def test_importing_glossary_is_quick_and_loads_nothing_heavy() -> None:
    code = (
        "import sys, time; start = time.perf_counter(); import glossary; seconds = time.perf_counter() - start\n"
        "heavy = {'numpy', 'sqlalchemy', 'click', 'lxml', 'jieba', 'opencc', 'rich', 'flask'} & set(sys.modules)\n"
        "print(seconds, *heavy)"
    )
    runs = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
        for _ in range(3)
    ]
    assert [run[1:] for run in runs] == [[], [], []]
    assert min(float(run[0]) for run in runs) < SLOWEST_IMPORT


def test_align_needs_no_database_and_no_web() -> None:
    code = (
        "import sys; from glossary.cli import main\n"
        f"main(['align', {str(ROOT / 'seeds' / 'tea-garden.txt')!r}, '--aligner', 'length'], standalone_mode=False)\n"
        "print({'sqlalchemy', 'lxml', 'rich', 'flask', 'jieba', 'rapidfuzz'} & set(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.splitlines()[-1] == "set()"


def test_the_front_door_is_sorted_and_opens() -> None:
    assert front_door.__all__ == sorted(front_door.__all__)
    assert all(getattr(front_door, name) is not None for name in front_door.__all__)
    with pytest.raises(AttributeError, match="no attribute 'window'"):
        front_door.window  # noqa: B018


def test_no_public_name_hides_a_module() -> None:
    modules = {p.stem for p in (ROOT / "glossary").iterdir()}
    assert modules & set(front_door.__all__) == set()


def test_python_m_glossary_is_the_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "glossary", "--version"], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout == f"glossary, version {front_door.__version__}\n"


# sizes and places


def test_files_stay_short() -> None:
    lines = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8").count("\n") for path in PRODUCT}
    assert {path: count for path, count in lines.items() if count > MOST_LINES} == {}


def test_functions_stay_short() -> None:
    functions = [
        (str(path.relative_to(ROOT)), node)
        for path in PRODUCT
        if "migrations" not in path.parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    assert len(functions) > len(PRODUCT)
    assert [(path, f.name) for path, f in functions if _statement_lines(f) > MOST_LINES_OF_A_FUNCTION] == []


def _statement_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of the body, without its docstring and the signature."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_only_config_reads_the_environment() -> None:
    readers = [p for p in PRODUCT if re.search(r"os\.(environ|getenv)", p.read_text(encoding="utf-8"))]
    assert readers == [ROOT / "glossary" / "config.py"]


def test_locale_is_no_package() -> None:
    assert not (ROOT / "locale" / "__init__.py").exists()


def test_the_top_level_is_as_agreed() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode or not listed.stdout:
        pytest.skip("not a git checkout")
    folders = {line.split("/")[0] for line in listed.stdout.splitlines() if "/" in line}
    assert folders == {".ci", "glossary", "web", "seeds", "locale", "tests"}


# documents


def test_every_command_has_help_with_an_example() -> None:
    for name, command in commands():
        assert command.help, name
        assert f"Example: {name}" in command.help, name
        context = click.Context(command, info_name=name)
        assert command.get_help(context)
        assert [p.name for p in command.params if isinstance(p, click.Option) and p.help == ""] == []


def test_every_command_stands_in_the_readme() -> None:
    for name, _ in commands():
        assert any(line.startswith(name) for line in examples()), name
    headings = re.findall(r"^### (glossary \w+):", README, re.MULTILINE)
    assert set(headings) == {" ".join(name.split()[:2]) for name, _ in commands()}


def test_every_long_option_in_the_readme_exists() -> None:
    known = {o for _, c in commands() for p in c.params for o in (*p.opts, *p.secondary_opts)} | {"--help", "--check"}
    assert set(re.findall(r"(?<![\w-])--[a-z][\w-]*", README)) - known == set()


def test_every_dependency_is_explained_in_decisions() -> None:
    decisions = (ROOT / "DECISIONS.md").read_text(encoding="utf-8").lower()
    project = PROJECT["project"]
    named = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    packages = [re.split(r"[\[<>=!~ ]", line)[0].lower() for line in named]
    assert [p for p in packages if p not in decisions] == []


def test_the_licences_of_the_data_are_credited() -> None:
    for credit in ("CC-CEDICT", "Universal Sentence Encoder", "UD English EWT", "jieba", "OpenCC"):
        assert credit in README


def test_the_make_targets_of_the_readme_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in set(re.findall(r"`?make (\w+)", README)) - {"the"}:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_the_examples_of_the_readme_work(
    built: Built, glossary: RunGlossary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(ROOT / "seeds", "seeds")
    Path("out").mkdir()
    shutil.copy("seeds/court-evidence.en.txt", "article.en.txt")
    shutil.copy("seeds/court-evidence.zh-Hant-TW.txt", "article.zh-Hant-TW.txt")
    Path("pairs.tsv").write_text("article.en.txt\tarticle.zh-Hant-TW.txt\n", encoding="utf-8")
    shutil.copy(ROOT / "tests" / "cases" / "seeds" / "court-evidence.terms.tsv", "gold.tsv")
    assert glossary("extract", "article.en.txt", "article.zh-Hant-TW.txt", "-o", "predicted.tsv").exit_code == 0
    for line in examples():
        args = shlex.split(line)[1:]
        if args[0] == "serve" or "../shared" in line:  # tests/web serves; the shared data may be absent
            continue
        if args[:2] == ["build", "seeds"]:  # done by the fixture
            copy_store(built.store, Path(args[3]))
            continue
        if "my.db" in line and args[0] == "lookup":
            args[1] = "blockchain"  # their own article holds it, ours need not
        result = glossary(*args, stdin="correct horse battery\n" * 2)  # asked for by glossary user
        findings = args[0] == "check" and result.exit_code == 1
        assert result.exit_code == 0 or findings, (line, result.stderr)


def test_the_python_example_of_the_readme_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("out").mkdir()
    Path("seeds").mkdir()
    shutil.copy(ROOT / "seeds" / "tea-garden.txt", "seeds")
    block = re.search(r"## From Python\n\n((?:    .*\n|\n)+)", README)
    assert block
    code = re.sub(r"^    ", "", block[1], flags=re.MULTILINE)
    exec(compile(code, "README.md", "exec"), {})
    assert "ConceptEntry" in capsys.readouterr().out
