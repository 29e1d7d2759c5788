"""How many small lies in finished documents `verify` names, kind by kind.

    python -m bench.tamper WORKSPACE [--rounds 3] [--seed 1] [--each 6]

WORKSPACE has been run to its end. Each round alters every finished Word and Excel file of a copy (`tests.verify.tamper`)
and runs `verify` on it; a lie counts as named where a failure of its document speaks of it.
"""

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.verify.tamper import Lie, line_lies, sheet_lies, word_lies


def altered(folder: Path, dice: random.Random, each: int, whole_lines: bool) -> dict[str, list[Lie]]:
    """Alters the documents of outputs/YYYY; the lies by document."""
    told: dict[str, list[Lie]] = {}
    for path in sorted((*folder.rglob("*.docx"), *folder.rglob("*.xlsx"))):
        if ".kept" in path.parts:
            continue
        data = path.read_bytes()
        if path.suffix == ".xlsx":
            data, lies = sheet_lies(data, dice, each)
        else:
            data, lies = line_lies(data, dice) if whole_lines else word_lies(data, dice, each)
        path.write_bytes(data)
        told[path.relative_to(folder).as_posix()] = lies
    return told


def proved(workspace: Path) -> dict[str, list[dict[str, object]]]:
    """The failures of `verify` by document."""
    command = [sys.executable, "-m", "pipeline", "verify", "--json", "--workspace", str(workspace)]
    found: dict[str, list[dict[str, object]]] = {}
    for failure in json.loads(subprocess.run(command, capture_output=True, check=False).stdout)["unproved"]:
        found.setdefault(failure["document"], []).append(failure)
    return found


def main() -> None:
    """Prints the share named, kind by kind, and what was not."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("workspace", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--each", type=int, default=6)
    options = parser.parse_args()
    named: Counter[str] = Counter()
    all_: Counter[str] = Counter()
    for number in range(options.rounds):
        dice = random.Random(options.seed * 1000 + number)
        with tempfile.TemporaryDirectory() as home:
            copy = Path(shutil.copytree(options.workspace, Path(home) / "副本"))
            folder = next(p for p in sorted((copy / "outputs").iterdir()) if p.is_dir())
            told = altered(folder, dice, options.each, whole_lines=number % 2 == 1)
            found = proved(copy)
        for document, lies in told.items():
            for lie in lies:
                all_[lie.kind] += 1
                if lie.is_named(found.get(document, ())):
                    named[lie.kind] += 1
                else:
                    print(f"not named  {lie.kind}  {document}: {lie.old[:60]!r} -> {lie.new[:60]!r}", flush=True)
    for kind in sorted(all_):
        print(f"{named[kind]:5} of {all_[kind]:5}  {kind}")
    whole, sure = sum(all_.values()), sum(named.values())
    print(f"{sure} of {whole} lies named ({sure / max(whole, 1):.1%})")


if __name__ == "__main__":
    main()
