"""Packages written without a clock: the same parts in the same order are the same bytes, on every system."""

import io
import zipfile
from collections.abc import Iterable

EARLIEST = (1980, 1, 1)  # the first date that a zip can hold


def pack(parts: Iterable[tuple[str, bytes]], date: tuple[int, int, int] = EARLIEST) -> bytes:
    """The parts as one package, in the order given; every entry bears `date`."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, data in parts:
            entry = zipfile.ZipInfo(name, (*max(date, EARLIEST), 0, 0, 0))
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 0, 0
            archive.writestr(entry, data)
    return buffer.getvalue()


def parts_of(data: bytes) -> dict[str, bytes]:
    """The parts of a package that this program wrote or is about to finish, in their order; folders left out."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist() if not info.is_dir()}
