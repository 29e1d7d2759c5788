"""The README against the program: every command, option, template field, setting and exit code is in it, and none that is not."""

import re
import tomllib
from pathlib import Path

import click
import pytest

from pipeline.cli import main
from pipeline.errors import Exit
from pipeline.settings import data_text
from pipeline.write.templates import FIELDS
from tests.test_cli import commands
from tests.workspaces import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
LEAVES = {
    " ".join(path): {o for p in command.params if isinstance(p, click.Option) for o in p.opts if o.startswith("--")}
    for path, command in commands(main)
    if not isinstance(command, click.Group)
}
ROWS = {
    match[1]: set(re.findall(r"`(--[\w-]+)`", match[2]))
    for match in re.finditer(r"^\| `([a-z ]+)` \| [^|]+ \| (.*) \|$", README, re.MULTILINE)
}


@pytest.mark.parametrize(
    "line",
    [
        "python -m pip install . && shuangchuang run",
        'python -m pip install ".[test]" && python -m pytest',
        "dask scheduler",
        "dask worker tcp://",
        "shuangchuang run --cluster",
    ],
)
def test_the_lines_to_type_stand_alone_in_a_block(line: str) -> None:
    blocks = re.findall(r"^```\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    assert any(typed.startswith(line) for block in blocks for typed in block.splitlines())


def test_every_command_is_there_with_its_options() -> None:
    assert ROWS == LEAVES


def test_every_option_is_explained() -> None:
    explained = {
        option
        for row in re.findall(r"^\| ((?:`--[\w-]+`(?: / )?)+) \|", README, re.MULTILINE)
        for option in re.findall(r"--[\w-]+", row)
    }
    assert explained == {option for options in LEAVES.values() for option in options}


def test_every_exit_code_is_explained() -> None:
    codes = re.findall(r"^\| `(\d+)` \| .+ \|$", README, re.MULTILINE)
    assert [int(code) for code in codes] == [int(code) for code in Exit]


def test_every_template_field_is_documented() -> None:
    manual = (ROOT / "docs" / "templates.md").read_text(encoding="utf-8")
    parts = re.split(r"^## ", manual, flags=re.MULTILINE)
    for template, fields in FIELDS.items():
        part = next(part for part in parts if part.startswith(template))
        assert set(re.findall(r"^\| `([^`]+)` \|", part, re.MULTILINE)) == set(fields), template


def test_every_setting_is_documented_with_its_default() -> None:
    manual = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    documented = {}
    for part in re.split(r"^## ", manual, flags=re.MULTILINE)[1:]:
        section = part[1 : part.index("]")]
        rows = re.findall(r"^\| `(\w+)` \| `([^`]+)` \| [^|]+ \|$", part, re.MULTILINE)
        documented[section] = {name: tomllib.loads(f"value = {value}")["value"] for name, value in rows}
    assert documented == tomllib.loads(data_text("settings.toml"))


def test_every_link_and_picture_leads_somewhere() -> None:
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").glob("*.md")]
    for page in pages:
        for target in re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (page.parent / target).is_file(), f"{page.name}: {target}"


@pytest.mark.parametrize("picture", sorted((ROOT / "docs").glob("*.png")), ids=lambda path: path.name)
def test_pictures_are_small(picture: Path) -> None:
    assert picture.stat().st_size < 300 * 1024


def test_pages_name_no_host_and_no_machine() -> None:
    for page in (README, *((ROOT / name).read_text(encoding="utf-8") for name in ("CONTRIBUTING.md", "CHANGELOG.md"))):
        assert not re.search(r"https?://|/home/|/tmp/|[A-Z]:\\", page)
