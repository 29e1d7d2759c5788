"""What every reader of Office files relies on: nothing hostile is opened, nothing that is written bears a clock."""

import io
import zipfile

import pytest

from pipeline.ooxml.fixed import pack, parts_of
from pipeline.ooxml.package import Declared, Oversized, UnusablePackage, open_package
from pipeline.ooxml.workbook import open_workbook


def _zip(**parts: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(Oversized):
        open_package(_zip(a=bytes(30 << 20)), 100).check_sizes()


def test_a_part_larger_than_the_limit_is_refused() -> None:
    with pytest.raises(Oversized):
        open_package(_zip(a=bytes(3 << 20)), 2).bytes("a")


def test_a_part_with_entities_is_refused() -> None:
    with pytest.raises(Declared):
        open_package(_zip(a=b'<!DOCTYPE d [<!ENTITY e "x">]><d>&e;</d>'), 1).xml("a")


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 cut", _zip(a=b"<a/>")])
def test_what_is_no_workbook_raises_one_kind_of_error(data: bytes) -> None:
    with pytest.raises(UnusablePackage):
        open_workbook(data)


def test_packing_keeps_order_and_contents_and_gives_the_same_bytes() -> None:
    parts = {"b": b"2", "a": b"1"}
    assert pack(parts.items()) == pack(parts.items())
    assert list(parts_of(pack(parts.items())).items()) == list(parts.items())


def test_a_date_before_the_first_that_a_zip_holds_is_moved_to_it() -> None:
    assert pack([("a", b"")], (1901, 5, 5)) == pack([("a", b"")])
