"""Unpacks .7z and .rar: the functions that run in a guarded child, because their decoders are native code.

Each takes what to do as JSON and the archive's bytes. `list` gives the members as JSON, or one word for why there
are none (locked, damaged, tool); `read` gives the wanted members one after the other behind a JSON list of sizes.
"""

import json
from io import BytesIO
from typing import Any


def seven(argument: bytes, data: bytes) -> bytes:
    """A .7z archive, by py7zr, into memory."""
    import lzma
    import struct

    import py7zr
    from py7zr.exceptions import ArchiveError, PasswordRequired

    asked = json.loads(argument)
    try:
        with py7zr.SevenZipFile(BytesIO(data)) as archive:
            if asked["do"] == "list":
                locked = archive.needs_password()
                infos = enumerate(archive.list())
                return json.dumps([_seven_row(i, info, locked) for i, info in infos if not info.is_directory]).encode()
            # py7zr refuses names that leave the archive and mixes up names that occur twice; numbers do neither
            for i, file in enumerate(archive.files.files_list):
                file["filename"] = f"m{i}"
            factory = py7zr.io.BytesIOFactory(2**63 - 1)
            archive.extract(targets=asked["names"], factory=factory)
            return _joined([factory.products.get(name) for name in asked["names"]])
    except PasswordRequired:
        return json.dumps("locked").encode()
    except (ArchiveError, lzma.LZMAError, struct.error, EOFError, ValueError, IndexError, KeyError, OSError):
        return json.dumps("damaged").encode()


def _seven_row(index: int, info: Any, locked: bool) -> dict[str, object]:
    return {
        "name": info.filename,
        "raw": f"m{index}",
        "size": info.uncompressed,
        "packed": info.compressed or None,
        "link": bool(info.is_symlink),
        "locked": locked,
    }


def _joined(products: list[Any]) -> bytes:
    bodies = [None if product is None else product.read() for product in products]
    sizes = json.dumps([None if body is None else len(body) for body in bodies]).encode()
    return len(sizes).to_bytes(8, "big") + sizes + b"".join(body for body in bodies if body is not None)


def rar(argument: bytes, data: bytes) -> bytes:
    """A .rar archive, by rarfile; members that are packed need unrar, unar, 7z or bsdtar on the machine."""
    try:
        import rarfile
    except ImportError:  # an installation without it says so as one without the outside program does
        return json.dumps("tool").encode()

    asked = json.loads(argument)
    try:
        with rarfile.RarFile(BytesIO(data)) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
            if asked["do"] == "list":
                if archive.needs_password() and not infos:
                    return json.dumps("locked").encode()
                if not _has_tool(rarfile) and any(info.compress_type != rarfile.RAR_M0 for info in infos):
                    return json.dumps("tool").encode()
                return json.dumps([_rar_row(info) for info in infos]).encode()
            bodies = [_rar_member(rarfile, archive, name) for name in asked["names"]]
            return _joined([None if body is None else BytesIO(body) for body in bodies])
    except rarfile.Error:
        return json.dumps("damaged").encode()


def _rar_member(rarfile: Any, archive: Any, name: str) -> bytes | None:
    try:
        body: bytes = archive.read(name)
    except rarfile.Error:
        return None
    return body


def _has_tool(rarfile: Any) -> bool:
    try:
        rarfile.tool_setup()
    except rarfile.RarCannotExec:
        return False
    return True


def _rar_row(info: Any) -> dict[str, object]:
    return {
        "name": info.filename,
        "raw": info.filename,
        "size": info.file_size,
        "packed": info.compress_size,
        "link": bool(info.is_symlink()),
        "locked": bool(info.needs_password()),
    }
