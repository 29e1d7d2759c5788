"""The traces that the reviewer's hand leaves on: bookmarks, comments, drop-down lists; none in the copy to sign."""

import io
import re
import subprocess
import zipfile
from pathlib import Path

import pytest

from pipeline.text import fingerprint
from pipeline.write.package import content_hash, is_untouched, properties_of
from tests.write.making import dossier, doubtful, evidence, lines, summary

QUOTED = "党总支召开会议传达上级决议，研究确定落实措施12项，并逐项明确责任人。"
DOUBTED = "班子成员和两个年级的学生谈了话，大家提的意见都记了下来。"


def made(final: bool = False) -> bytes:
    return summary(
        dossier([evidence(1, QUOTED), doubtful(2, DOUBTED), doubtful(3, "甲 | 乙 | 联系企业三家，签订协议两份", None)]),
        final,
    )


def part(data: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name).decode() if name in archive.namelist() else ""


def test_a_quoted_passage_is_known_by_its_bookmark_and_text() -> None:
    assert f'w:name="p_E00000000001_{fingerprint(QUOTED)[:8]}"' in part(made(), "word/document.xml")


def test_a_doubtful_passage_has_a_comment_and_a_list_of_all_indicators() -> None:
    body, comments = part(made(), "word/document.xml"), part(made(), "word/comments.xml")
    assert body.count("<w:commentReference ") == 2
    assert "两个指标都像" in comments
    assert "60%" in comments
    assert "2.1(1)" in comments
    assert 'w:date="2024-12-31T00:00:00Z"' in comments
    values = re.findall(r'<w:listItem [^>]*w:value="([^"]+)"', body.split("<w:sdt>")[1])
    assert values == ["agree", "1.1(2)", "2.1(1)", "1.1(1)", "none", "strike"]
    assert 'w:name="c_E00000000002"' in body


def test_controls_are_inline() -> None:
    body = part(made(), "word/document.xml")
    for before in body.split("<w:sdt>")[:-1]:
        assert before.rfind("<w:p>") > before.rfind("</w:p>") or before.rfind("<w:p ") > before.rfind("</w:p>")


def test_the_properties_name_the_file_and_all_its_passages() -> None:
    data = made()
    properties = properties_of(data)
    assert (properties["单位"], properties["年度"], properties["运行"]) == (
        "园林工程学院党总支",
        "2024",
        "abcdef123456",
    )
    listed = " ".join(value for name, value in properties.items() if name.startswith("段落")).split()
    assert sorted(listed) == sorted(re.findall(r'w:name="(p_[^"]+)"', part(data, "word/document.xml")))


def test_the_copy_to_sign_has_no_marks() -> None:
    data = made(final=True)
    body = part(data, "word/document.xml")
    assert not re.search(r"bookmarkStart|<w:sdt>|comment", body)
    assert part(data, "word/comments.xml") == ""
    assert not any("待审阅" in line or "草稿" in line for line in lines(data))


def test_without_doubtful_passages_the_draft_is_the_copy_to_sign() -> None:
    data = summary(dossier([evidence(1, QUOTED)]))
    assert not re.search(r"<w:sdt>|comment", part(data, "word/document.xml"))
    assert not any("待审阅" in line or "草稿" in line for line in lines(data))


def test_same_inputs_give_the_same_bytes() -> None:
    assert made() == made()


def test_an_edited_file_is_known_and_a_repacked_one_is_not_taken_for_edited() -> None:
    data = made()
    assert is_untouched(data)
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    assert is_untouched(buffer.getvalue())
    edited = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(edited, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(
                name, content.replace("12项".encode(), "13项".encode()) if name == "word/document.xml" else content
            )
    assert not is_untouched(edited.getvalue())
    assert content_hash(edited.getvalue()) != content_hash(data)


@pytest.mark.soffice
def test_libreoffice_keeps_bookmarks_lists_comments_and_properties(tmp_path: Path) -> None:
    data = made()
    (tmp_path / "a.docx").write_bytes(data)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [
        "soffice",
        profile,
        "--headless",
        "--convert-to",
        "docx:MS Word 2007 XML",
        "--outdir",
        str(tmp_path / "o"),
        str(tmp_path / "a.docx"),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    back = (tmp_path / "o" / "a.docx").read_bytes()
    before, after = part(data, "word/document.xml"), part(back, "word/document.xml")
    names = re.compile(r'w:name="([pcis]_[^"]+)"')
    assert set(names.findall(after)) == set(names.findall(before))
    assert after.count("<w:dropDownList>") == before.count("<w:dropDownList>")
    assert after.count("commentReference") == before.count("commentReference ")
    assert {k: v for k, v in properties_of(back).items() if k.startswith("段落")} == {
        k: v for k, v in properties_of(data).items() if k.startswith("段落")
    }
    assert not is_untouched(back)
