"""What a person sees on the screen: progress, the closing account, complaints. Chinese, and safe on any console."""

import json
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pipeline.progress import Progress, Silent

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress

    from pipeline.model import DepartmentSummary
    from pipeline.run import RunReport

T = TypeVar("T")
Row = Sequence[str]
_STATUS = {"failed": "读不出来", "withheld": "涉密未处理", "skipped": "略过", "duplicate": "重复"}


def prepare_streams() -> None:
    """Characters that the console cannot show are replaced, never a crash (GBK and cp1252 consoles)."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


def say(text: str = "") -> None:
    """One line on standard output."""
    print(text)


def complain(text: str) -> None:
    """One sentence on standard error."""
    print(text, file=sys.stderr)


def fault(error: Exception, workspace: Path | None) -> str:
    """A fault of the program as one sentence; its details go to the workspace's store, else stand below the sentence.

    Personal data in the details are masked: they are sent to developers.
    """
    import traceback

    from pipeline import __version__, privacy

    if isinstance(error, OSError) and error.filename is not None:
        sentence = f"读写“{error.filename}”时出错（{error.strerror}）：请检查磁盘是否已满、文件是否正被打开、有没有权限，再运行一次。"
    else:
        sentence = "程序出了意外的错误，已停下；inputs 里的原件没有动。请再运行一次；仍不行请把下面的记录发给开发者。"
    lines = traceback.format_exception(error)
    details = privacy.mask("".join([f"shuangchuang {__version__}，Python {sys.version}\n", *lines]))
    if workspace is not None and (workspace / "inputs").is_dir():
        record = workspace.resolve() / ".shuangchuang" / "错误记录.txt"
        try:
            record.parent.mkdir(exist_ok=True)
            record.write_text(details, encoding="utf-8")
        except OSError:  # the disk may be what failed
            return f"{sentence}\n{details}"
        return f"{sentence}记录在 {record}。"
    return f"{sentence}\n{details}"


def table(rows: Sequence[Row], numbers: Sequence[int] = ()) -> Iterator[str]:
    """Rows as lines with columns under each other; a Chinese character is two wide. `numbers`: columns set to the right."""
    from rich.cells import cell_len

    widths = [max(cell_len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        cells = []
        for i, cell in enumerate(row):
            blanks = " " * (widths[i] - cell_len(cell))
            cells.append(blanks + cell if i in numbers else cell + blanks)
        yield "  " + "  ".join(cells).rstrip()


def say_json(value: Any) -> None:
    """JSON on standard output, ASCII only where the console is not UTF-8."""
    ascii_only = (sys.stdout.encoding or "").lower().replace("-", "") != "utf8"
    print(json.dumps(value, ensure_ascii=ascii_only, indent=1))


@contextmanager
def progress(quiet: bool, verbose: bool) -> Iterator[Progress]:
    """Bars where a person is watching, plain lines where not, nothing when quiet."""
    if quiet:
        yield Silent()
    elif sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bars

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Bars(*columns, TextColumn("{task.fields[note]}"), console=Console(stderr=True)) as bars:
            yield _Bars(bars, verbose)
    else:
        yield _Lines(verbose)


class _Bars(Silent):
    def __init__(self, bars: "RichProgress", verbose: bool) -> None:
        self._bars, self._verbose = bars, verbose
        self._task: Any = None
        self._extra: dict[str, int] = {}

    def stage(self, title: str, total: int) -> None:
        self._extra = {}
        self._task = self._bars.add_task(title, total=total, note="")

    def step(self, done: str = "") -> None:
        if self._verbose and done:
            self._bars.console.print(done, markup=False, highlight=False)
        self._bars.advance(self._task)

    def extra(self, count: int, unit: str) -> None:
        self._extra[unit] = self._extra.get(unit, 0) + count
        self._bars.update(self._task, note="，".join(f"{n} {u}" for u, n in self._extra.items()))

    def over(self, title: str, items: Sequence[T]) -> Iterator[T]:
        self.stage(title, len(items))
        for item in items:
            yield item
            self.step()


class _Lines(Silent):
    """A line when a stage begins, and one every ten seconds; each file when verbose."""

    def __init__(self, verbose: bool) -> None:
        self._verbose = verbose
        self._title, self._total, self._done, self._last = "", 0, 0, 0.0

    def stage(self, title: str, total: int) -> None:
        self._title, self._total, self._done, self._last = title, total, 0, time.monotonic()
        complain(f"{title}：共 {total} 项")

    def step(self, done: str = "") -> None:
        self._done += 1
        if self._verbose and done:
            complain(f"  {done}")
        elif time.monotonic() - self._last > 10:
            self._last = time.monotonic()
            complain(f"  {self._title}：{self._done}/{self._total}")

    def over(self, title: str, items: Sequence[T]) -> Iterator[T]:
        self.stage(title, len(items))
        for item in items:
            yield item
            self.step()


def account(report: "RunReport", quiet: bool, as_json: bool) -> None:
    """The closing account: what was read, what failed and why, who is missing, where to look."""
    from pipeline.publish import counts

    inventory, published = report.inventory, report.published
    figures = counts(inventory, published)
    attention = [f for f in inventory.files if f.status in ("failed", "withheld")]
    if as_json:
        say_json(
            {
                "exit": int(report.exit_code),
                "outputs": str(published.folder),
                "counts": figures,
                "failed": [{"path": f.path, "status": f.status, "reason": f.reason} for f in attention],
                "missing": list(inventory.missing()),
                "beside": [str(p) for p in published.beside],
                "kept": [str(p) for p in published.kept],
                "failures": published.failures,
                "unheeded": [{"path": p.path, "place": p.place, "message": p.sentence()} for p in report.unheeded],
                "timings": report.timings,
            }
        )
        return
    if not quiet:
        say()
        say(
            f"{report.year}年度：{figures['departments']} 个单位，{figures['files']} 个文件，读出 {figures['passages_total']} 个段落。"
        )
        say(
            f"  自动归类 {figures['passages_accepted']} 段，待审阅 {figures['passages_review']} 段，"
            f"不属于任何指标 {figures['passages_none']} 段；计入活动 {figures['events']} 次。"
        )
        say()
        for line in _departments(published.summaries):
            say(line)
        say()
    for entry in attention:
        say(f"  {_STATUS[entry.status]}：{entry.path}：{entry.reason}")
    for name in inventory.missing():
        say(f"  没有收到材料：{name}。请催报，或检查文件夹名称是否与名册一致。")
    for path in published.kept:
        say(f"  有人改过的文件已另存：{path}。要采用其中的修改，请运行 shuangchuang review apply。")
    for path in published.beside:
        say(f"  原文件正被打开，新的写在旁边：{path}。关闭原文件后再运行一次即可。")
    for problem in report.unheeded:
        say(f"  决定没有执行：{problem.path}{problem.place}：{problem.sentence()}")
    for failure in published.failures:
        say(f"  {failure}")
    for line in () if quiet else _moved(published.changes):
        say(line)
    if not quiet:
        say(f"用时 {report.timings['total']:.1f} 秒。结果在 {published.folder}，先看 index.html 和 审阅清单.xlsx。")


_LONGEST = 40  # departments: more than a screen or two; the page shows all
_HEADER = ("单位", "文件", "未读出", "段落", "待审阅", "得分", "未定", "等次")


def _departments(summaries: "Sequence[DepartmentSummary]") -> Iterator[str]:
    """The closing table: a line a department."""
    rows: list[Row] = [_HEADER]
    for summary in summaries[:_LONGEST]:
        failed = sum(f.status in ("failed", "withheld") for f in summary.files)
        rows.append(
            (
                summary.name,
                str(len(summary.files)),
                str(failed or ""),
                str(summary.passages.get("total", 0)),
                str(summary.passages.get("review", 0) or ""),
                f"{summary.score.total:g}",
                f"{summary.score.open:g}" if summary.score.open else "",
                summary.score.grade or "未定",
            )
        )
    yield from table(rows, numbers=range(1, 7))
    if len(summaries) > _LONGEST:
        yield f"  ……共 {len(summaries)} 个单位，其余见 index.html。"


_MOVED = {"final": "得分", "self": "自评分", "total": "总分", "grade": "等次", "found": "查到次数", "met": "达标"}
_SHOWN = 10  # more than a screen holds is in changes.json


def _moved(rows: Sequence[dict[str, Any]]) -> Iterator[str]:
    """What moved against the run before, and which file or decision moved it."""
    told = [row for row in rows if row["what"] in _MOVED]
    if not told:
        return
    yield f"与上次运行相比有 {len(rows)} 处变化" + (
        "：" if len(told) <= _SHOWN else f"，前 {_SHOWN} 处（全部见 changes.json）："
    )
    for row in told[:_SHOWN]:
        place = "　".join(filter(None, (row["department"], row["requirement"] or row["code"])))
        before, after = (_value(row[side]) for side in ("before", "after"))
        because = "；".join(row["because"][:2])
        yield f"  {place}　{_MOVED[row['what']]}：{before} → {after}" + (f"（{because}）" if because else "")


def _value(value: Any) -> str:
    return (
        {None: "未定", True: "是", False: "否"}.get(value, f"{value}") if not isinstance(value, float) else f"{value:g}"
    )
