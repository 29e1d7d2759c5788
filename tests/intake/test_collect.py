"""Every file handed in has one entry, and nothing outside inputs/ is touched."""

import hashlib
import json
import os
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.intake import collect, departments, load
from pipeline.model import SourceFile
from pipeline.workspace import Workspace
from tests.intake import samples
from tests.intake.samples import DEPARTMENT, DOCX, SETTINGS


def entries(workspace: Workspace) -> dict[str, SourceFile]:
    return {f.path.removeprefix("inputs/submissions/"): f for f in collect(workspace, SETTINGS)}


def test_each_file_has_an_entry_with_department_hash_size_and_kind(tmp_path: Path) -> None:
    workspace = samples.workspace(tmp_path, {f"{DEPARTMENT}/台账/总结.wps": DOCX, f"{DEPARTMENT}/空.xlsx": b""})
    found = entries(workspace)
    report = found[f"{DEPARTMENT}/台账/总结.wps"]
    assert (report.department, report.kind, report.bytes, report.status) == (DEPARTMENT, "docx", len(DOCX), None)
    assert report.sha256 == hashlib.sha256(DOCX).hexdigest()
    empty = found[f"{DEPARTMENT}/空.xlsx"]
    assert (empty.kind, empty.status) == ("empty", "failed")
    assert empty.reason is not None and "重新索取" in empty.reason


def test_paths_are_sorted_and_in_composed_form(tmp_path: Path) -> None:
    decomposed = unicodedata.normalize("NFD", "é报告.txt")
    workspace = samples.workspace(tmp_path, {f"{DEPARTMENT}/{decomposed}": b"x", f"{DEPARTMENT}/a.txt": b"y"})
    paths = [f.path for f in collect(workspace, SETTINGS)]
    assert paths == sorted(paths)
    source = next(f for f in collect(workspace, SETTINGS) if "é报告" in f.path)
    assert unicodedata.is_normalized("NFC", source.path)
    assert load(workspace, source) == b"x"


def test_a_file_that_belongs_to_no_department_is_named_with_what_to_do(tmp_path: Path) -> None:
    found = entries(samples.workspace(tmp_path, {"总结.docx": DOCX}))["总结.docx"]
    assert (found.status, found.department) == ("skipped", "")
    assert found.reason is not None and "放进该单位的文件夹" in found.reason


def test_leftovers_are_skipped_with_their_reason(tmp_path: Path) -> None:
    found = entries(samples.workspace(tmp_path, {f"{DEPARTMENT}/~$总结.docx": b"\5x", f"{DEPARTMENT}/Thumbs.db": b"x"}))
    assert [(f.kind, f.status) for f in found.values()] == [("system", "skipped"), ("temporary", "skipped")]
    assert all(f.reason for f in found.values())


def test_a_folder_that_the_system_left_is_no_department(tmp_path: Path) -> None:
    workspace = samples.workspace(tmp_path, {"__MACOSX/._总结.docx": b"x", f"{DEPARTMENT}/a.txt": b"x"})
    files = collect(workspace, SETTINGS)
    assert [(f.department, f.status) for f in files] == [("", "skipped"), (DEPARTMENT, None)]
    assert [d.name for d in departments(workspace, files)] == [DEPARTMENT]


def test_a_link_out_of_inputs_is_named_and_never_opened(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("密码")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "x.txt").write_text("密码")
    workspace = samples.workspace(tmp_path / "w", {f"{DEPARTMENT}/a.txt": b"x"})
    (workspace.submissions / DEPARTMENT / "link.txt").symlink_to(secret)
    (workspace.submissions / DEPARTMENT / "folder").symlink_to(tmp_path / "outside")
    found = entries(workspace)
    digest = hashlib.sha256("密码".encode()).hexdigest()
    assert {f.status for p, f in found.items() if not p.endswith("a.txt")} == {"skipped"}
    assert digest not in {f.sha256 for f in found.values()}
    assert len(found) == 3
    with pytest.raises(FileNotFoundError):
        load(workspace, found[f"{DEPARTMENT}/link.txt"])


def test_a_link_that_stays_inside_is_read_and_a_circle_ends(tmp_path: Path) -> None:
    workspace = samples.workspace(tmp_path, {f"{DEPARTMENT}/真/a.txt": "正文".encode()})
    (workspace.submissions / DEPARTMENT / "别").symlink_to(workspace.submissions / DEPARTMENT / "真")
    (workspace.submissions / DEPARTMENT / "真" / "圈").symlink_to(workspace.submissions / DEPARTMENT)
    found = entries(workspace)
    assert load(workspace, found[f"{DEPARTMENT}/别/a.txt"]) == "正文".encode()
    assert found[f"{DEPARTMENT}/真/圈"].status == "skipped"


def test_a_pipe_among_the_files_does_not_hang_the_run(tmp_path: Path) -> None:
    workspace = samples.workspace(tmp_path, {f"{DEPARTMENT}/a.txt": b"x"})
    os.mkfifo(workspace.submissions / DEPARTMENT / "管道.docx")
    assert entries(workspace)[f"{DEPARTMENT}/管道.docx"].status == "skipped"


def test_names_that_could_forge_output_are_shown_and_still_load(tmp_path: Path) -> None:
    names = ["换\n行.txt", "倒\u202exslx.txt", "\x1b[31m红.txt", "长" * 83 + ".txt"]
    workspace = samples.workspace(tmp_path, {f"{DEPARTMENT}/{name}": name.encode() for name in names})
    files = collect(workspace, SETTINGS)
    assert {load(workspace, f) for f in files} == {name.encode() for name in names}
    shown = "".join(f.path for f in files)
    assert not any(unicodedata.category(c) in ("Cc", "Cf", "Cs") for c in shown)
    assert "倒〈202E〉xslx.txt" in shown


def test_two_names_that_look_the_same_are_two_entries(tmp_path: Path) -> None:
    names = {f"{DEPARTMENT}/{unicodedata.normalize(form, 'é.txt')}": form.encode() for form in ("NFC", "NFD")}
    workspace = samples.workspace(tmp_path, names)
    files = collect(workspace, SETTINGS)
    assert len({f.path for f in files}) == 2
    assert {load(workspace, f) for f in files} == {b"NFC", b"NFD"}


def test_a_name_in_gbk_bytes_is_read_as_its_writer_meant_it(tmp_path: Path) -> None:
    workspace = samples.workspace(tmp_path, {f"{DEPARTMENT}/a.txt": b"x"})
    raw = os.fsencode(workspace.submissions / DEPARTMENT) + b"/" + "总结".encode("gbk") + b".txt"
    Path(os.fsdecode(raw)).write_bytes(b"gbk")
    source = entries(workspace)[f"{DEPARTMENT}/总结.txt"]
    assert load(workspace, source) == b"gbk"
    json.dumps(source.path).encode()


def test_inputs_may_be_read_only(tmp_path: Path) -> None:
    workspace = samples.workspace(tmp_path, {f"{DEPARTMENT}/a.zip": samples.zip_of({"x.txt": b"1"})})
    before = sorted((p, p.stat().st_mtime_ns) for p in tmp_path.rglob("*"))
    for source in collect(workspace, SETTINGS):
        load(workspace, source)
    assert sorted((p, p.stat().st_mtime_ns) for p in tmp_path.rglob("*")) == before


def test_a_folder_of_many_is_looked_through_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = samples.workspace(tmp_path, {f"{DEPARTMENT}{n}/总结.txt": b"x" for n in range(20)})
    files = collect(workspace, SETTINGS)
    looked: Counter[Path] = Counter()
    real = Path.iterdir

    def iterdir(self: Path) -> Iterator[Path]:
        looked[self] += 1
        return real(self)

    monkeypatch.setattr(Path, "iterdir", iterdir)
    assert [load(workspace, file) for file in files] == [b"x"] * 20
    assert looked[workspace.submissions] == 1


def test_a_file_that_came_after_the_others_were_loaded_is_found(tmp_path: Path) -> None:
    workspace = samples.workspace(tmp_path, {f"{DEPARTMENT}/总结.txt": b"x"})
    (first,) = collect(workspace, SETTINGS)
    assert load(workspace, first) == b"x"
    (workspace.submissions / DEPARTMENT / "补充.txt").write_bytes(b"y")
    assert {file.path.rsplit("/", 1)[-1]: load(workspace, file) for file in collect(workspace, SETTINGS)} == {
        "总结.txt": b"x",
        "补充.txt": b"y",
    }
