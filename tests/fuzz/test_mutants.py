"""Mutated files: every kept find is read to a value, and a damaged output never stops a command.

`cases/` holds what `bench.fuzz` found, named by its format: drop a file there and it is a test.
"""

import importlib
import random
from pathlib import Path

import pytest

from bench.fuzz import MEMORY_MIB, MUTATIONS, SECONDS
from pipeline.engine import Broken, Limits, Task
from pipeline.engine.guard import Guard
from pipeline.errors import UnusableGuideline
from pipeline.model import decode, encode
from pipeline.ooxml.package import UnusablePackage
from pipeline.read.batch import ReadOrder, ReadReply
from pipeline.settings import load_settings
from pipeline.verify.wordfile import units
from pipeline.verify.workbook import sheets
from pipeline.write import is_edited
from pipeline.write.marks import AUTHOR
from tests.fuzz.handed_in import GUARDED, READERS
from tests.fuzz.samples import SAMPLES, fuzz_task

CASES = sorted((Path(__file__).parent / "cases").glob("*-*"))


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_a_kept_find_gives_a_value(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHUANGCHUANG_SOFFICE", "/nowhere/soffice")
    kind = case.name.rpartition("-")[0]
    order = encode(ReadOrder("坏文件", kind, load_settings(), {}))
    guard = Guard()
    body = guard.perform(Task("tests.fuzz.samples:fuzz_task", order, case.read_bytes()), Limits(SECONDS, MEMORY_MIB))
    guard.close()
    if isinstance(body, Broken):
        assert kind in GUARDED
        assert body.why in ("time", "memory")
        return
    document = decode(body, ReadReply).document
    if document is not None and document.characters is not None:
        ledger = document.characters
        assert ledger.file == ledger.captured + sum(ledger.skipped.values())


@pytest.mark.parametrize("kind", sorted(set(SAMPLES) - {"guideline-docx", "docx", "rtf", "html", "image"}))
def test_mutants_of_each_format_give_a_value(kind: str) -> None:
    dice = random.Random(kind)
    for _ in range(8 if kind in READERS else 25):
        data = dice.choice(MUTATIONS)(dice.choice(SAMPLES[kind]), dice) or b"\0"
        assert fuzz_task(encode(ReadOrder("坏文件", kind, load_settings(), {})), data)


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_a_damaged_output_counts_as_edited_and_is_never_trusted(kind: str) -> None:
    dice = random.Random(kind)
    for _ in range(60):
        data = dice.choice(MUTATIONS)(SAMPLES[kind][-1], dice) or b"\0"
        assert is_edited(f"总结.{kind}", data)
        if kind == "xlsx":
            assert sheets(data) is None or sheets(data)
        else:
            assert _units_or_fault(data)


def _units_or_fault(data: bytes) -> bool:
    try:
        return all(unit.cells for unit in units(data, AUTHOR))
    except UnusablePackage:
        return True


def test_a_guideline_that_takes_all_memory_is_refused_by_the_command_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load = importlib.import_module("pipeline.guideline.load")
    monkeypatch.setattr(load, "_LIMITS", Limits(60, 400))
    path = tmp_path / "指南.pdf"
    path.write_bytes((Path(__file__).parent / "cases" / "guideline-pdf-bf356652").read_bytes())
    with pytest.raises(UnusableGuideline, match=r"指南\.pdf"):
        load.load(path)
