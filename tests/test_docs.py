"""The documents tell the truth: every command and option is in the README, every path and target named there exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer
import yaml

from flows.cli import app

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").glob("*.md")])
COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_help_an_example_and_a_line_in_the_readme(name: str) -> None:
    command = COMMANDS[name]
    assert f"chengshu {name}" in (command.help or ""), "the help shows an example"
    (row,) = re.findall(rf"^\| `chengshu {name}\b.*$", README, re.MULTILINE)
    for parameter in command.params:
        for option in parameter.opts:
            if option.startswith("--") and option != "--help":
                assert parameter.help, f"{name} {option} has no help"
                assert f"`{option}`" in row, f"{name} {option} is not in the README"


def test_the_readme_names_no_command_that_is_not_there() -> None:
    named = set(re.findall(r"chengshu(?: --home \S+)? ([a-z]+)\b", README)) - {"explains"}
    assert named <= set(COMMANDS)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), target


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_make_targets_that_are_named_exist(path: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"`make ([a-z]+)\b", path.read_text(encoding="utf-8")):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_every_make_target_has_help() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"^([a-z]+):(?!=)", makefile, re.MULTILINE):
        assert re.search(rf"^{target}:.*## \S", makefile, re.MULTILINE), target


def test_pins_are_names_and_versions_only() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert len(lines) > 50
    for line in lines:
        assert re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", line), line


def test_everything_a_command_needs_is_in_the_package() -> None:
    import tomllib

    content = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    shipped = {
        path
        for package in content["packages"]
        for pattern in ["*.py", *content["package-data"]["*"], *content["package-data"].get(package, [])]
        for path in (ROOT / package.replace(".", "/")).glob(pattern)
    }
    for top in ("flows", "parsers", "warehouse", "sql"):
        there = {path for path in (ROOT / top).rglob("*") if path.is_file() and path.suffix not in {".pyc", ".sh"}}
        assert there - shipped == set()


def test_every_dependency_is_pinned() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [
        *project["dependencies"],
        *(each for extra in project["optional-dependencies"].values() for each in extra),
    ]
    pinned = {
        _plain(line.split("==")[0]) for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    }
    for each in wanted:
        name = _plain(re.split(r"[<>=!\[; ]", each)[0])
        assert name in pinned or name == "chengshu", each


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_the_schedule_in_the_readme_is_the_one_that_is_deployed() -> None:
    deployments = yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))["deployments"]
    assert deployments[0]["schedules"][0]["cron"] == "*/15 * * * *"
    assert "every 15 minutes" in README
