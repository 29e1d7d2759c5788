"""Any folder of documents through the guarded reading, each file accounted for.

    python -m bench.suites FOLDER [--only docx,pdf] [--every 1] [--list]

Made for the test suites of other projects (LibreOffice, Apache POI, pdf.js, qpdf …), which are not part of this one:
unpack their sources into FOLDER. Every file is named by its bytes (`intake.identify`) and read in a guarded child
under the limits of a run; pages that wait for OCR are counted, not recognised. Printed by kind: how many were read,
wait for OCR, are locked, gave a Problem (with its sentence), or broke the child (died, hung, out of memory, raised);
how many ledgers show characters that were lost; the slowest file, and the most memory that the child had.
`--list` names every file that was not read.
"""

import argparse
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

import psutil

from bench.measure import peak
from pipeline.engine import Broken, Limits, Task
from pipeline.engine.guard import Guard
from pipeline.intake.identify import identify
from pipeline.model import decode, encode
from pipeline.read import FORMATS, ledger
from pipeline.read.batch import ReadOrder, ReadReply
from pipeline.settings import Settings, load_settings


@dataclass(frozen=True)
class Outcome:
    """What became of one file. `what`: read, ocr, problem, broken, or the kind that intake turns away."""

    path: Path
    kind: str
    what: str
    reason: str = ""
    lost: bool = False
    seconds: float = 0.0
    mib: float = 0.0  # the most that the child had had when it was done


def outcomes(files: list[Path], settings: Settings) -> Iterator[Outcome]:
    """Each file's outcome, in order."""
    guard = Guard()
    limits = Limits(settings.reading.seconds_per_file, settings.reading.memory_mib)
    most = 0.0
    try:
        for path in files:
            data = path.read_bytes()
            kind = identify(BytesIO(data))
            if kind not in FORMATS:
                yield Outcome(path, kind, "turned away", kind)
                continue
            order = ReadOrder(path.name, kind, settings, {})
            begin = time.monotonic()
            body = guard.perform(Task("pipeline.read.batch:read_task", encode(order), data), limits)
            seconds = time.monotonic() - begin
            if guard._child is not None:  # it ends with a file that breaks it
                most = max(most, peak(psutil.Process(guard._child.pid)))
            yield replace(outcome(path, kind, body), seconds=seconds, mib=most)
    finally:
        guard.close()


def outcome(path: Path, kind: str, body: bytes | Broken) -> Outcome:
    if isinstance(body, Broken):
        return Outcome(path, kind, "broken", body.why)
    reply = decode(body, ReadReply)
    if reply.document is not None:
        characters = reply.document.characters
        lost = characters is not None and ledger.LOST in characters.skipped
        return Outcome(path, kind, "read", lost=lost)
    if reply.needs is not None:
        return Outcome(path, kind, "ocr")
    return Outcome(path, kind, "problem", reply.problem.message if reply.problem else "")


def table(found: list[Outcome]) -> Iterator[str]:
    by_kind: dict[str, list[Outcome]] = defaultdict(list)
    for one in found:
        by_kind[one.kind].append(one)
    for kind, own in sorted(by_kind.items(), key=lambda pair: -len(pair[1])):
        counts = Counter(one.what for one in own)
        slowest = max(own, key=lambda one: one.seconds)
        yield (
            f"{kind:<10}{len(own):>6} files  " + "  ".join(f"{what} {n}" for what, n in counts.most_common())
            + f"  characters lost in {sum(one.lost for one in own)}  slowest {slowest.seconds:.1f} s ({slowest.path.name})"
        )  # fmt: skip
        for reason, n in Counter(one.reason for one in own if one.reason).most_common():
            yield f"{'':<10}{n:>6}  {reason}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="", help="file name endings: docx,pdf")
    parser.add_argument("--every", type=int, default=1, help="only every so-manyth file")
    parser.add_argument("--list", action="store_true", help="name every file that was not read")
    arguments = parser.parse_args()
    endings = {f".{ending}" for ending in arguments.only.split(",") if ending}
    files = sorted(
        p for p in arguments.folder.rglob("*") if p.is_file() and (not endings or p.suffix.lower() in endings)
    )
    found = []
    for one in outcomes(files[:: arguments.every], load_settings()):
        found.append(one)
        if arguments.list and one.what not in ("read", "ocr"):
            print(f"{one.path}: {one.what} {one.reason}", flush=True)
    print("\n".join(table(found)))
    print(f"{len(found)} files; the child had {max((one.mib for one in found), default=0.0):.0f} MiB at most")


if __name__ == "__main__":
    main()
