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


def parts_of(data: bytes, most: int | None = None) -> dict[str, bytes]:
    """The parts of a package in their order; folders left out.

    `most`: bytes they may have together, for a package that anybody may have put there; a larger one is no zip file.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        infos = [info for info in archive.infolist() if info.filename and not info.is_dir()]
        if most is not None and sum(info.file_size for info in infos) > most:
            raise zipfile.BadZipFile("too large")
        return {info.filename: _part(archive, info) for info in infos}


def _part(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """A part whole; reading it to its end would unpack all that is there, whatever size the directory says."""
    with archive.open(info) as part:
        return part.read(info.file_size + 1)
