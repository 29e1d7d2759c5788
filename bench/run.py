"""How long a run takes, what a second one costs, how memory grows, and how fast we read beside others. One command:

    python -m bench.run [--departments 100] [--growth 10,100] [--documents 6] [--seed 7] [--out docs]

Makes seeded workloads (`bench.workload`: three small files a department), runs the program on each in a process of its
own, and reads the same generated documents with us, MarkItDown, pdfplumber alone and the floor of each format
(`bench.reading`). A peer that is not installed is named and left out. Prints everything as ratios of this one run, and
writes benchmark.md and benchmark.svg. `--growth 10,1000` takes half an hour on two cores
that nobody else uses.
"""

import argparse
import json
import os
import platform
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

from bench import workload
from bench.chart import bars
from bench.measure import Measured, measured
from bench.reading import FORMATS, shares, speed

ROOT = Path(__file__).resolve().parent.parent
GUIDELINE = next((ROOT / "inputs" / "guideline").glob("*.docx"))
STAGES = {"read": "读取", "map": "归类统计", "score": "定等次", "write": "写文档", "verify": "核验"}


@dataclass(frozen=True)
class Size:
    """The figures of one workload: the first run, the same again, and again with one file changed."""

    departments: int
    files: int
    first: Measured
    stages: dict[str, float]
    second: Measured
    changed: Measured


@dataclass(frozen=True)
class Rate:
    """One reader of one format; `rate` None: not installed."""

    kind: str
    name: str
    rate: float | None
    floor: float
    paragraphs: float | None
    rows: float | None


# ---------------------------------------------------------------- measuring


def sized(root: Path, departments: int, seed: int) -> Size:
    """One workload, run three times."""
    files = workload.make(root, departments, seed, GUIDELINE)
    command = [sys.executable, "-m", "pipeline", "run", "--quiet", "--workspace", str(root)]
    first = measured(command, ROOT)
    stages = json.loads((root / "outputs" / "2024" / "run.json").read_text(encoding="utf-8"))["timings"]
    second = measured(command, ROOT)
    workload.add_sentence(sorted((root / "inputs" / "submissions").rglob("*.docx"))[0])
    changed = measured(command, ROOT)
    return Size(departments, files, first, stages, second, changed)


def help_seconds() -> float:
    """How soon `--help` answers: the best of five, as a person's second try would be."""
    best = float("inf")
    for _ in range(5):
        begin = time.perf_counter()
        subprocess.run([sys.executable, "-m", "pipeline", "--help"], cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
        best = min(best, time.perf_counter() - begin)
    return best


def rates(documents: int, seed: int) -> Iterator[Rate]:
    """Every reader of every format on the same generated documents."""
    for kind, (make, entries) in FORMATS.items():
        dice = random.Random(seed)
        samples = [make(dice) for _ in range(documents)]
        floor = 0.0
        for entry in entries:
            if find_spec(entry.needs) is None:
                yield Rate(kind, entry.name, None, floor, None, None)
                continue
            rate, readings = speed(entry.make(), samples)
            floor = floor or rate
            yield Rate(kind, entry.name, rate, floor, *shares(samples, readings))


# ---------------------------------------------------------------- telling


def tables(sizes: Sequence[Size], read: Sequence[Rate], answer: float) -> Iterator[str]:
    """The figures as Markdown."""
    yield "# 性能测量\n"
    yield "由 `python -m bench.run` 一次运行得出：同一台电脑、同一时刻、同一批文件。绝对值随电脑而变，比值才可以比较。"
    yield f"电脑：{os.cpu_count()} 核，{platform.system()}，Python {platform.python_version()}。\n"
    yield "## 整个运行\n"
    yield "| 单位 | 文件 | 第一次（秒） | 再运行一次 | 改一个文件 | 主进程内存峰值（MiB） | 单个子进程内存峰值（MiB） |"
    yield "| ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    for size in sizes:
        again, changed = size.second.seconds / size.first.seconds, size.changed.seconds / size.first.seconds
        yield (
            f"| {size.departments} | {size.files} | {size.first.seconds:.1f} | {size.second.seconds:.1f}（{again:.0%}） "
            f"| {size.changed.seconds:.1f}（{changed:.0%}） | {size.first.main:.0f} | {size.first.child:.0f} |"
        )
    for small, large in pairwise(sizes):
        more = large.files / small.files
        yield (
            f"\n文件数 {more:.0f} 倍（{small.files} → {large.files}）：时间 {large.first.seconds / small.first.seconds:.1f} 倍，"
            f"主进程内存峰值 {large.first.main / small.first.main:.2f} 倍，"
            f"单个子进程 {large.first.child / small.first.child:.2f} 倍。"
        )
    yield "\n各阶段用时（第一次运行，秒）：\n"
    yield f"| 单位 | {' | '.join(STAGES.values())} | 合计 |"
    yield f"| ---: |{' ---: |' * (len(STAGES) + 1)}"
    for size in sizes:
        cells = [f"{size.stages.get(stage, 0.0):.1f}" for stage in (*STAGES, "total")]
        yield f"| {size.departments} | {' | '.join(cells)} |"
    yield f"\n`shuangchuang --help`：{answer:.2f} 秒。\n"
    yield "## 读取\n"
    yield "每种格式的下限是只取文字、不要位置和表格列的最快办法。“段落”“表格行”是完整读出、单元格在各自列里的比例。\n"
    yield "| 格式 | 读取程序 | 份/秒 | 与下限之比 | 段落 | 表格行 |"
    yield "| --- | --- | ---: | ---: | ---: | ---: |"
    for one in read:
        if one.rate is None:
            yield f"| {one.kind} | {one.name} | 未安装 | – | – | – |"
        else:
            yield (
                f"| {one.kind} | {one.name} | {one.rate:.1f} | {one.rate / one.floor:.3f} "
                f"| {share(one.paragraphs)} | {share(one.rows)} |"
            )


def share(value: float | None) -> str:
    return "–" if value is None else f"{value:.0%}"


def picture(sizes: Sequence[Size], read: Sequence[Rate]) -> str:
    """The chart of the README: reading by format, the runs, the memory."""
    panels: list[tuple[str, list[tuple[str, float, str, bool]]]] = []
    for kind in FORMATS:
        rows = [
            (one.name, one.rate, f"{one.rate:.1f}", one.name == "ours") for one in read if one.kind == kind and one.rate
        ]
        panels.append((f"读取 {kind}（份/秒）", rows))
    runs = [
        (f"{size.departments} 个单位，{word}", run.seconds, f"{run.seconds:.1f} 秒", True)
        for size in sizes
        for word, run in (("第一次", size.first), ("改一个文件", size.changed), ("再运行一次", size.second))
    ]
    panels.append(("整个运行", runs))
    memory = [(f"{size.departments} 个单位", size.first.main, f"{size.first.main:.0f} MiB", True) for size in sizes]
    panels.append(("主进程内存峰值", memory))
    return bars(panels)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--departments", type=int, default=100)
    parser.add_argument("--growth", default="10", help="further sizes, for the growth: 10,1000")
    parser.add_argument("--documents", type=int, default=6, help="of each format, for reading")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--out", type=Path, default=ROOT / "docs")
    arguments = parser.parse_args()
    read = list(rates(arguments.documents, arguments.seed))
    wanted = sorted({arguments.departments, *(int(n) for n in arguments.growth.split(",") if n)})
    sizes = []
    for departments in wanted:
        root = Path(tempfile.mkdtemp(prefix="shuangchuang-bench-"))
        try:
            sizes.append(sized(root, departments, arguments.seed))
        finally:
            shutil.rmtree(root)
    text = "\n".join(tables(sizes, read, help_seconds())) + "\n"
    print(text)
    arguments.out.mkdir(parents=True, exist_ok=True)
    (arguments.out / "benchmark.md").write_text(text, encoding="utf-8")
    (arguments.out / "benchmark.svg").write_text(picture(sizes, read), encoding="utf-8")


if __name__ == "__main__":
    main()
