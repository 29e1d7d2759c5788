"""What this machine has of the optional parts, and how to get what it lacks."""

import importlib.util
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

_FONTS = {  # what the documents ask for, and free substitutes that a rendering falls back to (DOMAIN part 2)
    "仿宋": ("simfang", "fangsong", "fandolfang", "zhuque", "朱雀仿宋"),
    "黑体": ("simhei", "notosanscjk", "notosanssc", "sourcehansans"),
    "楷体": ("simkai", "kaiti", "lxgwwenkai", "ukai"),
    "小标宋": ("fzxbs", "小标宋", "notoserifcjk", "notoserifsc", "sourcehanserif"),
    "宋体": ("simsun", "uming", "notoserifcjk", "notoserifsc", "sourcehanserif"),
}
_FOLDERS = (
    Path("C:/Windows/Fonts"),
    Path.home() / "AppData/Local/Microsoft/Windows/Fonts",
    Path("/usr/share/fonts"),
    Path.home() / ".local/share/fonts",
    Path("/Library/Fonts"),
    Path("/System/Library/Fonts"),
    Path.home() / "Library/Fonts",
)


@dataclass(frozen=True, slots=True)
class Part:
    """One optional part: whether it is there, what was found, and what to do where it is not."""

    name: str
    found: bool
    detail: str
    remedy: str


def examine() -> tuple[Part, ...]:
    """All parts, in the order a clerk would want them; the last serve developers."""
    return (
        *(_python(), _ocr(), _soffice(), *_fonts()),
        *(_module("watchfiles", "自动重跑", "watch"), _cluster()),
        *(_browser(), _module("pytest", "测试", "test")),
    )


def can_isolate() -> bool:
    """Whether a command can be run in a network namespace of its own, as some tests do."""
    program = shutil.which("unshare")
    if program is None:
        return False
    return subprocess.run([program, "-rn", "true"], capture_output=True, check=False).returncode == 0


def find_browser() -> Path | None:
    """A headless browser for the tests of index.html; a run needs none."""
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    return next((Path(found) for found in map(shutil.which, names) if found), None)


def _python() -> Part:
    version = ".".join(map(str, sys.version_info[:3]))
    return Part("Python 3.11 以上", sys.version_info >= (3, 11), version, "请安装 Python 3.11 或更新的版本。")


def _ocr() -> Part:
    name = "文字识别（扫描件）"
    try:
        import onnxruntime

        from pipeline.read import ocr
    except ImportError as error:
        missing = error.name in ("onnxruntime", "rapidocr")
        remedy = "请运行 pip install rapidocr onnxruntime" if missing else "请安装微软的 Visual C++ 运行库（x64）后再试"
        return Part(name, False, "", f"{remedy}；没有它，扫描件读不出来，其余照常。")
    remedy = "请运行 pip install --force-reinstall rapidocr；没有它，扫描件读不出来，其余照常。"
    return Part(name, ocr.available(), f"onnxruntime {onnxruntime.__version__}", remedy)


def _soffice() -> Part:
    from pipeline.tools.soffice import find_soffice

    program = find_soffice()
    remedy = "请安装 LibreOffice；没有它，.doc、.xls、.wps、.rtf 要先另存为 .docx、.xlsx。"
    if program is None:
        return Part("LibreOffice（旧格式）", False, "", remedy)
    try:
        answer = subprocess.run(
            [str(program), "--version"], capture_output=True, timeout=60, check=False, encoding="utf-8"
        )
    except (OSError, subprocess.TimeoutExpired):
        return Part("LibreOffice（旧格式）", False, "", "LibreOffice 打不开：请重新安装。")
    return Part("LibreOffice（旧格式）", answer.returncode == 0, answer.stdout.strip(), remedy)


def _fonts() -> tuple[Part, ...]:
    names = [
        p.name.lower().replace("-", "").replace("_", "") for f in _FOLDERS if f.is_dir() for p in f.rglob("*.[to]t*")
    ]

    def part(family: str, marks: tuple[str, ...]) -> Part:
        hits = sorted(n for n in names if any(mark in n for mark in marks))
        return Part(
            f"字体：{family}",
            bool(hits),
            hits[0] if hits else "",
            f"请安装{family}字体；没有它，文档会用别的字体显示，页数可能变化。",
        )

    return tuple(part(family, marks) for family, marks in _FONTS.items())


def _browser() -> Part:
    program = find_browser()
    remedy = "只有开发测试用到，运行不需要。需要时安装 Chromium。"
    return Part("Chromium（测试用）", program is not None, str(program or ""), remedy)


def _module(name: str, title: str, extra: str) -> Part:
    remedy = f'需要时运行 pip install "shuangchuang[{extra}]"。'
    return Part(title, importlib.util.find_spec(name) is not None, name, remedy)


def _cluster() -> Part:
    part = _module("distributed", "集群", "cluster")
    remedy = f"{part.remedy}只有多台电脑一起算时才用到。"
    return Part(part.name, part.found, shutil.which("dask") or "distributed", remedy)
