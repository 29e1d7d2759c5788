"""Mutated files through every reader, in guarded children, for as long as asked.

    python -m bench.fuzz [--minutes 60] [--seed 1] [--keep FOLDER] [--only KIND,KIND]

Good samples of each format are built, then bytes are flipped, ends cut, pieces of one sample spliced into another, and
the parts of packages mutated inside a sound package (of a .7z, inside sound checksums). A document is named by its bytes
(`intake.identify`) and read (`read.read`) under the limits of a run; what else people hand in (archives, returned
drafts, guidelines, the workbooks of inputs/) is put into a workspace and read as the command reads it. What counts as
a find: a child that died, hung or ran out of memory, a reader that raised, a ledger of characters that does not balance.
Finds are printed, told apart by where they broke, and kept whole in FOLDER; the smallest become cases of
tests/fuzz/cases.
"""

import argparse
import io
import os
import random
import re
import struct
import time
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pipeline.engine import Broken, Limits, Task
from pipeline.engine.guard import Guard
from pipeline.intake.zipped import MEMBER_ERRORS, UnusableZip, open_zip
from pipeline.model import decode, encode
from pipeline.read.batch import ReadOrder, ReadReply
from pipeline.settings import load_settings
from tests.fuzz.handed_in import GUARDED
from tests.fuzz.samples import SAMPLES

SECONDS, MEMORY_MIB = 30.0, 1500
_SEVEN = b"7z\xbc\xaf\x27\x1c"
_PIECES = re.compile(rb"<[^<>]{1,80}>|\"[^\"]{1,60}\"|\d+")
Mutation = Callable[[bytes, random.Random], bytes]


@dataclass(frozen=True)
class Find:
    """One mutant that a reader did not survive."""

    kind: str
    why: str
    data: bytes


def flipped(data: bytes, dice: random.Random) -> bytes:
    """Some bytes changed."""
    mutant = bytearray(data)
    for _ in range(dice.choice((1, 2, 4, 8, 32))):
        mutant[dice.randrange(len(mutant))] = dice.choice((0, 255, 127, dice.randrange(256)))
    return bytes(mutant)


def cut(data: bytes, dice: random.Random) -> bytes:
    """A piece taken out, mostly the end."""
    start = dice.randrange(len(data))
    end = len(data) if dice.random() < 0.5 else min(len(data), start + dice.randrange(1, 4096))
    return data[:start] + data[end:]


def spliced(data: bytes, dice: random.Random) -> bytes:
    """A piece of this or another sample put in, over what stands there or between."""
    other = dice.choice([sample for samples in SAMPLES.values() for sample in samples])
    start = dice.randrange(len(other))
    piece = other[start : start + dice.randrange(1, 2048)]
    place = dice.randrange(len(data))
    return data[:place] + piece + data[place + (len(piece) if dice.random() < 0.5 else 0) :]


def swapped(data: bytes, dice: random.Random) -> bytes:
    """Tags, values and numbers of a text exchanged, repeated, dropped or driven out of range."""
    pieces = list(_PIECES.finditer(data))
    for _ in range(dice.randint(1, 6) if pieces else 0):
        one, other = dice.choice(pieces)[0], dice.choice(pieces)[0]
        wild = dice.choice((b"-1", b"99999999999999999999", b"0", b"1e309", b"NaN", b""))
        put = dice.choice((other, b"", one * 3, wild if one.isdigit() else other))
        data = data.replace(one, put, dice.choice((1, 1, -1)))
    return data


def summed(data: bytes, dice: random.Random) -> bytes:
    """A .7z with a mutated header and the checksums that fit it."""
    changed = bytearray(data)
    offset, size = struct.unpack_from("<QQ", changed, 12)
    header = bytes(changed[32 + offset : 32 + offset + size])
    if not header:
        return data
    mutant = dice.choice((flipped, flipped, cut))(header, dice)
    changed = changed[: 32 + offset] + mutant
    struct.pack_into("<QQL", changed, 12, offset, len(mutant), zlib.crc32(mutant))
    struct.pack_into("<L", changed, 8, zlib.crc32(changed[12:32]))
    return bytes(changed)


def inside(data: bytes, dice: random.Random) -> bytes:
    """A sound package with one or two of its parts mutated; another file is mutated as it is."""
    if data.startswith(_SEVEN) and len(data) > 32:
        return summed(data, dice)
    if not data.startswith(b"PK"):
        return swapped(data, dice)
    try:
        with open_zip(io.BytesIO(data)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
    except (UnusableZip, *MEMBER_ERRORS):  # mutated before
        return swapped(data, dice)
    if not parts:
        return data
    for name in dice.choices(sorted(parts), k=dice.randint(1, 2)):
        if parts[name]:
            parts[name] = dice.choice((swapped, swapped, flipped, cut))(parts[name], dice)
    if dice.random() < 0.1 and len(parts) > 1:
        parts.pop(dice.choice(sorted(parts)))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return buffer.getvalue()


MUTATIONS: tuple[Mutation, ...] = (flipped, cut, spliced, inside, inside)


def tried(guard: Guard, kind: str, data: bytes) -> Find | None:
    """One mutant through identification and its reader."""
    task = Task("tests.fuzz.samples:fuzz_task", encode(ReadOrder("坏文件", kind, load_settings(), {})), data)
    body = guard.perform(task, Limits(SECONDS, MEMORY_MIB))
    if isinstance(body, Broken):
        if kind in GUARDED and body.why in ("time", "memory"):
            return None
        return Find(kind, f"{body.why} {body.detail.strip().splitlines()[-1] if body.detail.strip() else ''}", data)
    document = decode(body, ReadReply).document
    if document is not None and document.characters is not None:
        ledger = document.characters
        if ledger.file != ledger.captured + sum(ledger.skipped.values()):
            return Find(kind, "ledger does not balance", data)
    return None


def main() -> None:
    """Mutates until the time is over, then says what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=Path("fuzz-finds"))
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    kinds = [kind for kind in sorted(SAMPLES) if not options.only or kind in options.only.split(",")]
    os.environ["SHUANGCHUANG_SOFFICE"] = "/nowhere/soffice"  # converting is LibreOffice's own business, and slow
    dice, guard = random.Random(options.seed), Guard()
    tries: Counter[str] = Counter()
    finds: dict[tuple[str, str], Find] = {}
    begun = time.monotonic()
    while time.monotonic() - begun < options.minutes * 60:
        kind = dice.choice(kinds)
        data = dice.choice(SAMPLES[kind])
        for _ in range(dice.choice((1, 1, 1, 2, 3))):
            data = dice.choice(MUTATIONS)(data, dice) or b"\0"
        tries[kind] += 1
        find = tried(guard, kind, data)
        if find is None:
            continue
        known = finds.get((kind, find.why))
        if known is None or len(find.data) < len(known.data):
            finds[kind, find.why] = find
            options.keep.mkdir(parents=True, exist_ok=True)
            name = f"{kind}-{zlib.crc32(find.why.encode()):08x}"
            (options.keep / name).write_bytes(find.data)
            print(
                f"{time.monotonic() - begun:7.0f} s  {kind}: {find.why}  ({len(find.data)} bytes, {name})", flush=True
            )
    guard.close()
    total = time.monotonic() - begun
    print(f"{sum(tries.values())} mutants in {total / 60:.1f} minutes, {len(finds)} different finds")
    print("  ".join(f"{kind} {count}" for kind, count in sorted(tries.items())))


if __name__ == "__main__":
    main()
