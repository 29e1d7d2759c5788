"""A workbook that a person keeps, opened by openpyxl behind the same guard as every other package."""

import warnings
import zipfile
import zlib
from io import BytesIO
from typing import TYPE_CHECKING

from lxml import etree

from pipeline.ooxml.package import UnusablePackage, open_package

if TYPE_CHECKING:
    from openpyxl import Workbook

_PART_MIB = 100
# what openpyxl lets through when parts are missing, cut or no XML; ElementTree's ParseError is a SyntaxError
_FAULTS = (
    *(zipfile.BadZipFile, zlib.error, etree.LxmlError, OSError, EOFError, NotImplementedError),
    *(KeyError, ValueError, TypeError, AttributeError, IndexError, SyntaxError),
)


def open_workbook(data: bytes, *, values: bool = True) -> "Workbook":
    """The workbook; `values`: formulas as what they gave when last saved. Raises UnusablePackage where it is none."""
    import openpyxl

    open_package(data, _PART_MIB).check_sizes()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of extensions (validation, drawings) that it leaves out
            return openpyxl.load_workbook(BytesIO(data), data_only=values)
    except _FAULTS as error:
        raise UnusablePackage(
            "工作簿已损坏，打不开。", "请用 Excel 或 WPS 打开原件，另存为 .xlsx 后重新放入。"
        ) from error
