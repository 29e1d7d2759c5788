"""Whether what a reviewer changed comes back, lasts, and teaches.

python -m bench.review scripted INPUTS [FOLDER]   60 changes of every kind, a LibreOffice round trip around them; how many
                                                  come back, hold in the next run, and hold after files were renamed,
                                                  saved again, and one PDF scanned anew. FOLDER keeps the workspace.
python -m bench.review learning INPUTS GOLD       a tenth of the doubtful passages of a workspace with answers decided by
                                                  them: the share of wrong ones among the rest, before and after; the
                                                  examples of its departments are left out
python -m bench.review learning                   the same for each department and each style of the shipped examples
"""

import argparse
import io
import json
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench.review_learning import learning_of_corpus, learning_of_examples
from bench.reviewer import Reviewer, Wanted, come_back, not_held, round_trip
from pipeline import takeback
from pipeline.progress import Silent
from pipeline.run import run
from pipeline.settings import Options
from pipeline.workspace import Workspace, open_workspace

SCAN_DPI = 200  # what an office scanner is set to
_SAVED_AGAIN = 6  # Word files and as many workbooks that are saved again


def scripted(inputs: Path, folder: Path) -> dict[str, int]:
    """The figures of the whole round."""
    shutil.copytree(inputs, folder / "inputs", dirs_exist_ok=True)
    year = run(Options(folder), Silent()).year
    workspace = open_workspace(folder)
    wanted = Reviewer(workspace, year).work()
    report = takeback.apply(workspace, year)
    missing = come_back(workspace, wanted)
    run(Options(folder), Silent())
    lost = not_held(workspace, year, wanted)
    again = takeback.apply(workspace, year)
    scanned = disturb(workspace, year, wanted)
    last = run(Options(folder), Silent())
    gone = not_held(workspace, year, wanted)
    told = [one for one in gone if any(_opening(one) in p.message for p in last.unheeded)]
    for title, listed in (("没有收回", missing), ("下次运行没有执行", lost), ("改名、重存、重扫后没有执行", gone)):
        for one in listed:
            print(f"{title}：{one}")
    return {
        "changes": len(wanted),
        "applied": report.count("applied"),
        "come_back": len(wanted) - len(missing),
        "held": len(wanted) - len(lost),
        "applied_again": again.count("applied"),
        "held_after_disturbance": len(wanted) - len(gone),
        "lost_and_named": len(told),
        "decided_in_the_scanned_file": scanned,
    }


def _opening(wanted: Wanted) -> str:
    return (wanted.text or wanted.value)[:20]


def disturb(workspace: Workspace, year: int, wanted: Sequence[Wanted]) -> int:
    """Files renamed and saved again, and the PDF with most decided passages scanned anew; how many stood in that one."""
    lines = (workspace.outputs(year) / "evidence.jsonl").read_text(encoding="utf-8").splitlines()
    decided = {(w.department, w.text) for w in wanted if w.text}
    rows = [row for row in map(json.loads, lines) if (row["department"], row["text"]) in decided]
    counted = {path: [r["source"] for r in rows].count(path) for path in sorted({r["source"] for r in rows})}
    pdfs = [path for path in counted if path.endswith(".pdf") and "!" not in path]
    scanned = max(pdfs, key=lambda path: counted[path], default="")
    if scanned:
        place = workspace.root / scanned
        place.write_bytes(scan(place.read_bytes()))
    for suffix in ("docx", "xlsx"):
        saved = [path for path in counted if path.endswith(f".{suffix}") and "!" not in path]
        for path in saved[:_SAVED_AGAIN]:
            place = workspace.root / path
            place.write_bytes(round_trip(place.read_bytes(), suffix))
    for path in sorted(p for p in workspace.submissions.rglob("*") if p.is_file()):
        path.rename(path.with_name(f"改名 {path.name}"))
    return counted.get(scanned, 0)


def scan(data: bytes) -> bytes:
    """A PDF as a scanner gives it: one grey picture a page."""
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    pages = [page.render(scale=SCAN_DPI / 72).to_pil().convert("L") for page in document]
    buffer = io.BytesIO()
    pages[0].save(buffer, "PDF", save_all=True, append_images=pages[1:], resolution=SCAN_DPI)
    return buffer.getvalue()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("scripted", "learning"))
    parser.add_argument("inputs", type=Path, nargs="?")
    parser.add_argument("folder", type=Path, nargs="?", help="GOLD of learning, FOLDER of scripted")
    given = parser.parse_args()
    if given.what == "scripted":
        with tempfile.TemporaryDirectory() as temporary:
            print(json.dumps(scripted(given.inputs or Path("inputs"), given.folder or Path(temporary))))
    elif given.inputs is None or given.folder is None:
        print(json.dumps(learning_of_examples()))
    else:
        print(json.dumps(learning_of_corpus(given.inputs, given.folder)))


if __name__ == "__main__":
    main()
