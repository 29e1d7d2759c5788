"""What the launchers run: makes the environment where it is missing, takes in what was dropped, runs, shows the page.

A copy of this file lies in launcher/ of every workspace that `init` makes. It runs before anything is installed, so it
uses the standard library alone, and it never writes outside the workspace. What is dropped onto a launcher is either

- a workspace (it holds inputs/): that one is run instead of the launcher's own;
- any other folder: a department's material, copied into inputs/submissions of this workspace; what is there stays;
- a file, while inputs/guideline is empty: the guideline.
"""

import os
import shutil
import subprocess
import sys
import webbrowser
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

Ask = Callable[[str], str]
ENVIRONMENT = ".venv"
WHEELS = "wheels"  # made by `shuangchuang wheels`: with it nothing is asked of the network
STAMP = "shuangchuang.txt"  # in the environment: what it was made from, and where
RECORD = "安装记录.txt"


def main(home: Path, dropped: Sequence[Path], ask: Ask | None) -> int:
    """Everything, in order; the program's own exit code, 2 where it could not be started. `ask` None: nobody answers."""
    python = environment(home)
    if python is None:
        return 2
    workspaces = [found for path in dropped if (found := workspace_of(path)) is not None]
    for path in dropped:
        if workspace_of(path) is None:
            say(take_in(path, home, ask))
    code = 0
    for workspace in workspaces or [home]:
        command = [str(python), "-I", "-m", "pipeline", "run", "--workspace", str(workspace)]
        code = max(code, subprocess.run(command, check=False).returncode)
        if ask is not None and code in (0, 1):
            show(workspace)
    return code


def say(text: str) -> None:
    """One line at once; characters that the console lacks are replaced."""
    print(text, flush=True)


# ---------------------------------------------------------------- the environment


def environment(home: Path) -> Path | None:
    """The Python of the workspace's own environment, made first where it is missing, moved or out of date."""
    folder = home / ENVIRONMENT
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    stamp = "\n".join([str(folder), *(f"{p.name} {p.stat().st_size}" for p in packages(home))])
    if _read(folder / STAMP) == stamp and _works(python):
        return python
    say("正在准备运行环境（只在第一次，约需几分钟）……")
    sources = ["--no-index", "--find-links", str(home / WHEELS)] if (home / WHEELS).is_dir() else []
    install = ["-m", "pip", "install", "--disable-pip-version-check", "--no-input", *sources]
    record = home / "launcher" / RECORD
    with record.open("w", encoding="utf-8") as log:
        for command in (
            [sys.executable, "-m", "venv", "--clear", str(folder)],
            [str(python), *install, "--find-links", str(home / "launcher"), "shuangchuang"],
        ):
            if subprocess.run(command, stdout=log, stderr=subprocess.STDOUT, check=False).returncode != 0:
                say(_not_installed(home, record))
                return None
    (folder / STAMP).write_text(stamp, encoding="utf-8")
    say("运行环境已经备好。")
    return python


def packages(home: Path) -> list[Path]:
    """The packages that lie in the workspace, by name."""
    return sorted(p for folder in ("launcher", WHEELS) for p in (home / folder).glob("*.whl"))


def _works(python: Path) -> bool:
    try:
        return subprocess.run([str(python), "-I", "-c", "import pipeline"], check=False).returncode == 0
    except OSError:
        return False


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _not_installed(home: Path, record: Path) -> str:
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    if (home / WHEELS).is_dir():
        why = f"wheels 文件夹里的安装包可能不全，或不是为 Python {version} 和这种电脑准备的：请让信息部门重新准备 wheels 文件夹"
    else:
        why = "多半是这台电脑不能上网：请检查网络，或让信息部门准备 wheels 文件夹放在旁边"
    return f"运行环境没有装成。{why}。详细记录在 {record}。"


# ---------------------------------------------------------------- what was dropped


def workspace_of(path: Path) -> Path | None:
    """The workspace that a dropped path means: itself, or the parent of its inputs folder; else None."""
    if (path / "inputs").is_dir():
        return path
    return path.parent if path.name == "inputs" and (path / "submissions").is_dir() else None


def take_in(path: Path, home: Path, ask: Ask | None) -> str:
    """Copies what was dropped to its place and says so in one sentence."""
    inputs = home / "inputs"
    if path.is_file():
        return _take_file(path, inputs / "guideline")
    if not path.is_dir():
        return f"找不到“{path}”，没有处理。"
    if inputs in (path, *path.parents):
        return f"“{path.name}”已经在工作文件夹里，不用复制。"
    folders = sorted(p for p in path.iterdir() if p.is_dir())
    departments = [path]
    if len(folders) > 1 and not any(p.is_file() and not p.name.startswith(".") for p in path.iterdir()) and ask:
        names = "、".join(p.name for p in folders[:4])
        answer = ask(
            f"“{path.name}”里有 {len(folders)} 个文件夹（{names}……）。每个文件夹是一个单位吗？是请输入 y 再按回车："
        )
        departments = folders if answer.strip().lower() in ("y", "yes", "是") else departments
    done = [copy_all(folder, inputs / "submissions" / folder.name) for folder in departments]
    return "；".join(f"“{f.name}”复制了 {n} 个文件" for f, n in zip(departments, done, strict=True)) + "。"


def _take_file(path: Path, folder: Path) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    if any(not p.name.startswith((".", "~$")) for p in folder.iterdir()):
        return f"“{path.name}”是单个文件，没有处理：请把单位的整个文件夹拖上来（指南已经有了）。"
    shutil.copy2(path, folder / path.name)
    return f"“{path.name}”作为指南放进了 inputs/guideline。"


def copy_all(source: Path, target: Path) -> int:
    """Copies the files under `source`; one of the same bytes is left out, one of the same name gets a serial number."""
    copied = 0
    for path in files_under(source):
        place = target / path.relative_to(source)
        data = path.read_bytes()
        for wanted in _names(place):
            if not wanted.exists():
                wanted.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(path, wanted)
                copied += 1
                break
            if wanted.is_file() and wanted.read_bytes() == data:
                break
    return copied


def files_under(folder: Path) -> list[Path]:
    """All files, sorted; links to folders are not followed."""
    return sorted(Path(at) / name for at, _folders, names in os.walk(folder) for name in names)


def _names(path: Path) -> Iterator[Path]:
    yield path
    serial = 2
    while True:
        yield path.with_name(f"{path.stem}（{serial}）{path.suffix}")
        serial += 1


# ---------------------------------------------------------------- the end


def show(workspace: Path) -> None:
    """Opens the newest year's page in the browser."""
    pages = sorted((workspace / "outputs").glob("[0-9]*/index.html"))
    if pages:
        webbrowser.open(pages[-1].resolve().as_uri())


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        getattr(stream, "reconfigure", dict)(errors="replace")
    watched = sys.stdin is not None and sys.stdin.isatty()
    result = main(
        Path(__file__).resolve().parent.parent, [Path(p).resolve() for p in sys.argv[1:]], input if watched else None
    )
    if watched:
        input("按回车键关闭这个窗口。")
    sys.exit(result)
