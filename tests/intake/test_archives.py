"""Archives are read in memory: names come out right, nothing leaves them, and bombs cost nothing."""

import io
import stat
import struct
import time
import zipfile
import zlib
from dataclasses import replace
from pathlib import Path

import py7zr
import pytest

from pipeline.intake import collect, load
from pipeline.intake.data import intake_data
from pipeline.model import SourceFile
from pipeline.settings import Settings
from tests.intake import samples
from tests.intake.samples import DEPARTMENT, DOCX, SETTINGS, raw_zip, zip_of

TEXT = "党总支召开会议。".encode()


def opened(tmp_path: Path, data: bytes, settings: Settings = SETTINGS, name: str = "a.zip") -> dict[str, SourceFile]:
    """The entries of one archive, by their path inside it ("" is the archive itself)."""
    workspace = samples.workspace(tmp_path, {f"{DEPARTMENT}/{name}": data})
    prefix = f"inputs/submissions/{DEPARTMENT}/{name}"
    files = {f.path.removeprefix(prefix).removeprefix("!/"): f for f in collect(workspace, settings)}
    for file in files.values():
        if file.status is None:
            assert len(load(workspace, file)) == file.bytes
    return files


def test_members_are_entries_and_load_as_they_are(tmp_path: Path) -> None:
    found = opened(tmp_path, zip_of({"支撑材料/x.docx": DOCX, "空/": b"", "说明.txt": TEXT}))
    assert set(found) == {"", "支撑材料/x.docx", "说明.txt"}
    assert (found[""].kind, found[""].status) == ("zip", "read")
    assert (found["支撑材料/x.docx"].kind, found["支撑材料/x.docx"].department) == ("docx", DEPARTMENT)


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_names_without_the_flag_are_read_in_their_writers_encoding(tmp_path: Path, encoding: str) -> None:
    data = raw_zip([("支撑材料/会议记录①.txt".encode(encoding), TEXT), ("党员发展.txt".encode(encoding), TEXT)])
    assert set(opened(tmp_path, data)) == {"", "支撑材料/会议记录①.txt", "党员发展.txt"}


def test_the_unicode_name_that_some_programs_add_wins(tmp_path: Path) -> None:
    raw, right = b"???.txt", "总结.txt".encode()
    body = b"\x01" + struct.pack("<I", zlib.crc32(raw)) + right
    data = raw_zip([(raw, TEXT)], extra=struct.pack("<HH", 0x7075, len(body)) + body)
    assert set(opened(tmp_path, data)) == {"", "总结.txt"}


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../../etc/passwd", "passwd"),
        ("/etc/passwd", "etc/passwd"),
        ("C:\\Windows\\a.txt", "Windows/a.txt"),
        ("..\\..\\a.txt", "a.txt"),
        ("x/../../b.txt", "b.txt"),
        ("./c.txt", "c.txt"),
        ("行\n尾.txt", "行␊尾.txt"),
        ("倒\u202exslx.exe", "倒〈202E〉xslx.exe"),
        ("长" * 300 + ".txt", "长" * 300 + ".txt"),
    ],
)
def test_a_name_that_leaves_the_archive_is_read_under_its_bare_name(tmp_path: Path, name: str, shown: str) -> None:
    found = opened(tmp_path / "w", raw_zip([(name.encode(), TEXT)], flags=0x800))
    assert shown in found
    assert sorted(p.name for p in tmp_path.rglob("*") if p.is_file()) == ["a.zip"]


def test_names_that_occur_twice_are_both_read(tmp_path: Path) -> None:
    found = opened(tmp_path, raw_zip([(b"a.txt", b"first"), (b"a.txt", b"second!"), (b"../a.txt", b"third..")]))
    assert {name: f.bytes for name, f in found.items() if name} == {"a.txt": 5, "a〔2〕.txt": 7, "a〔3〕.txt": 7}


def test_a_link_in_an_archive_is_named_not_followed(tmp_path: Path) -> None:
    found = opened(tmp_path, raw_zip([(b"x.txt", b"/etc/passwd")], attributes=(stat.S_IFLNK | 0o777) << 16))
    assert (found["x.txt"].kind, found["x.txt"].status) == ("link", "skipped")


def test_what_the_mac_adds_is_skipped_by_name(tmp_path: Path) -> None:
    found = opened(tmp_path, zip_of({"总结.docx": DOCX, "__MACOSX/._总结.docx": b"\0\5\x16\7"}))
    assert found["__MACOSX/._总结.docx"].status == "skipped"


def test_an_archive_in_an_archive_is_opened_to_the_depth_of_the_settings(tmp_path: Path) -> None:
    data = zip_of({"d.txt": TEXT})
    for name in ("c.zip", "b.zip", "a.zip"):
        data = zip_of({name: data})
    found = opened(tmp_path, data)
    assert found["a.zip!/b.zip"].status == "read"
    assert found["a.zip!/b.zip!/c.zip"].status == "failed"
    assert "a.zip!/b.zip!/c.zip!/d.txt" not in found


def test_an_archive_that_holds_itself_comes_to_an_end(tmp_path: Path) -> None:
    quine = zip_of({"r/r.zip": b""})
    for _ in range(12):  # not the fixed point of r.zip, but as deep as any guard should ever look
        quine = zip_of({"r/r.zip": quine, "more/r.zip": quine})
    started = time.monotonic()
    found = opened(tmp_path, quine)
    assert time.monotonic() - started < 5
    assert len(found) <= 1 + 2 + 4 + 8
    assert any(f.status == "failed" and "太多层" in (f.reason or "") for f in found.values())


def bomb(mib: int) -> bytes:
    return zip_of({"bomb.txt": b"\0" * (mib * 2**20), "总结.txt": TEXT})


def test_a_member_that_packs_as_no_honest_file_does_is_not_unpacked(tmp_path: Path) -> None:
    found = opened(tmp_path, bomb(intake_data().limits.ratio_floor_mib + 1))
    assert found["bomb.txt"].status == "failed"
    assert found["bomb.txt"].reason is not None and "过大" in found["bomb.txt"].reason
    assert found["总结.txt"].status is None


def test_an_archive_of_too_many_bytes_or_members_is_refused_whole(tmp_path: Path) -> None:
    small = replace(SETTINGS, reading=replace(SETTINGS.reading, archive_mib=1))
    assert opened(tmp_path / "1", bomb(2), small)[""].status == "failed"
    few = replace(SETTINGS, reading=replace(SETTINGS.reading, archive_members=3))
    refused = opened(tmp_path / "2", zip_of({f"{i}.txt": b"x" for i in range(4)}), few)
    assert set(refused) == {""}
    assert refused[""].reason is not None and "文件过多" in refused[""].reason


def test_nested_archives_share_one_budget(tmp_path: Path) -> None:
    few = replace(SETTINGS, reading=replace(SETTINGS.reading, archive_members=8))
    inner = zip_of({f"{i}.txt": b"x" for i in range(3)})
    found = opened(tmp_path, zip_of({f"{i}.zip": inner for i in range(4)}), few)
    assert [found[f"{i}.zip"].status for i in range(4)] == ["read", "failed", "failed", "failed"]


def test_a_member_that_lies_about_its_size_costs_that_member_alone(tmp_path: Path) -> None:
    data = bytearray(zip_of({"a.txt": b"x" * 1000, "b.txt": TEXT}))
    at = data.index(b"PK\x01\x02")
    data[at + 24 : at + 28] = (10).to_bytes(4, "little")
    found = opened(tmp_path, bytes(data))
    assert found["a.txt"].status == "failed"
    assert found["b.txt"].status is None


def test_a_locked_archive_says_what_to_do(tmp_path: Path) -> None:
    found = opened(tmp_path, raw_zip([(b"a.docx", b"x" * 20)], flags=0x1))
    assert set(found) == {""}
    assert found[""].status == "failed"
    assert found[""].reason is not None and "去掉密码" in found[""].reason


def test_a_damaged_archive_is_named(tmp_path: Path) -> None:
    data = zip_of({"a.txt": TEXT * 50})
    assert opened(tmp_path, data[:-30])[""].status == "failed"


def test_a_damaged_member_does_not_cost_the_others(tmp_path: Path) -> None:
    data = bytearray(zip_of({"a.txt": bytes(range(256)) * 8, "b.txt": TEXT}))
    data[60] ^= 0xFF
    found = opened(tmp_path, bytes(data))
    assert (found["a.txt"].status, found["b.txt"].status) == ("failed", None)


def seven(members: dict[str, bytes], password: str | None = None) -> bytes:
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w", password=password) as archive:
        for name, data in members.items():
            archive.writestr(data, name)
    return out.getvalue()


def test_a_7z_is_read_like_a_zip(tmp_path: Path) -> None:
    found = opened(tmp_path, seven({"材料/总结.docx": DOCX, "说明.txt": TEXT}), name="a.7z")
    assert set(found) == {"", "材料/总结.docx", "说明.txt"}
    assert (found[""].kind, found[""].status, found["材料/总结.docx"].kind) == ("7z", "read", "docx")


def renamed(data: bytes, old: str, new: str) -> bytes:
    """A .7z with a plain header in which one name was overwritten, its checksums put right."""
    changed = bytearray(data.replace(old.encode("utf-16-le"), new.encode("utf-16-le")))
    offset, size = struct.unpack_from("<QQ", changed, 12)
    struct.pack_into("<L", changed, 28, zlib.crc32(changed[32 + offset : 32 + offset + size]))
    struct.pack_into("<L", changed, 8, zlib.crc32(changed[12:32]))
    return bytes(changed)


def test_names_in_a_7z_neither_leave_it_nor_hide_each_other(tmp_path: Path) -> None:
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w") as archive:
        archive.set_encoded_header_mode(False)
        for name, data in (("aa/aa/x.txt", b"out"), ("b.txt", b"first"), ("b.txt", b"second!")):
            archive.writestr(data, name)
    found = opened(tmp_path / "w", renamed(out.getvalue(), "aa/aa/x.txt", "../../x.txt"), name="a.7z")
    assert {n: f.bytes for n, f in found.items() if n} == {"x.txt": 3, "b.txt": 5, "b〔2〕.txt": 7}
    assert sorted(p.name for p in tmp_path.rglob("*") if p.is_file()) == ["a.7z"]


def test_a_locked_or_damaged_7z_is_named(tmp_path: Path) -> None:
    locked = opened(tmp_path / "1", seven({"总结.docx": DOCX}, password="x"), name="a.7z")
    assert locked[""].reason is not None and "密码" in locked[""].reason
    broken = opened(tmp_path / "2", seven({"总结.docx": DOCX})[:-9], name="a.7z")
    assert broken[""].status == "failed"


def rar4(name: bytes, data: bytes) -> bytes:
    """A RAR 4 archive with one member that is stored, as `rar a -m0` writes it."""

    def block(kind: int, flags: int, body: bytes, added: int = 0) -> bytes:
        head = struct.pack("<BHH", kind, flags, 7 + len(body)) + body
        return struct.pack("<H", zlib.crc32(head) & 0xFFFF) + head

    fields = struct.pack("<LLBLLBBHL", len(data), len(data), 2, zlib.crc32(data), 0x21 << 16, 29, 0x30, len(name), 0x20)
    return b"Rar!\x1a\x07\x00" + block(0x73, 0, b"\0" * 6) + block(0x74, 0x8000, fields + name) + data


def test_a_stored_rar_is_read_without_any_tool(tmp_path: Path) -> None:
    found = opened(tmp_path, rar4(b"a.txt", TEXT), name="a.rar")
    assert (found[""].kind, found[""].status, found["a.txt"].kind) == ("rar", "read", "txt")


def test_a_zip_that_is_named_otherwise_is_still_expanded(tmp_path: Path) -> None:
    assert "a.txt" in opened(tmp_path, zip_of({"a.txt": TEXT}), name="材料.docx")


def test_zipfile_agrees_on_what_the_samples_are() -> None:
    with zipfile.ZipFile(io.BytesIO(raw_zip([(b"a.txt", TEXT)]))) as archive:
        assert archive.testzip() is None
