"""A new workspace: the folders of the contract, roster, rubric, a page of instructions, and launchers to double-click.

Nothing that is there already is touched: a folder with anything in it is refused. Nothing in the workspace names the
machine it was made on, so it can be copied to another one or onto a USB stick.
"""

import shutil
from pathlib import Path

from pipeline import guideline as guidelines
from pipeline import scoring
from pipeline.errors import UnusableWorkspace
from pipeline.intake.roster import write_roster_template
from pipeline.model import Guideline
from pipeline.settings import data_text
from pipeline.start import howto, launcher
from pipeline.start.wheels import own_wheel
from pipeline.workspace import Workspace

HOWTO = "使用说明.docx"
WINDOWS_LAUNCHER, UNIX_LAUNCHER = "运行.bat", "运行.command"
LAUNCHER_FOLDER = "launcher"
_LEFT_BY_SYSTEMS = {".DS_Store", "Thumbs.db", "desktop.ini"}


def make_workspace(folder: Path, guideline_file: Path | None = None) -> Workspace:
    """Makes it; raises UnusableWorkspace where there is something already, UnusableGuideline for a wrong guideline."""
    _refuse_what_is_there(folder)
    guideline = guidelines.load(guideline_file) if guideline_file is not None else None
    workspace = Workspace(folder.resolve())
    try:
        _folders(workspace)
        _inputs(workspace, guideline, guideline_file)
        (workspace.root / HOWTO).write_bytes(howto.document())
        _launchers(workspace.root)
    except OSError as error:
        raise UnusableWorkspace(
            f"建不成“{folder}”（{error.strerror}）：请换一个位置或名称，并检查磁盘是否已满、有没有写入权限。"
        ) from error
    return workspace


def _refuse_what_is_there(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise UnusableWorkspace(f"“{folder}”是一个文件：请换一个文件夹名。")
    if folder.is_dir() and any(path.name not in _LEFT_BY_SYSTEMS for path in folder.iterdir()):
        raise UnusableWorkspace(f"“{folder}”里已经有东西，没有改动它：请换一个新文件夹名，或先把里面的东西移走。")


def _folders(workspace: Workspace) -> None:
    outputs = workspace.root / "outputs"
    for path in (
        *(workspace.guideline, workspace.submissions, workspace.reviewed, workspace.last_year),
        *(workspace.templates, outputs),
    ):
        path.mkdir(parents=True, exist_ok=True)


def _inputs(workspace: Workspace, guideline: Guideline | None, guideline_file: Path | None) -> None:
    write_roster_template(workspace.roster)
    scoring.write_default_rubric(workspace.rubric, guideline)
    if guideline_file is not None:
        shutil.copyfile(guideline_file, workspace.guideline / guideline_file.name)


def _launchers(root: Path) -> None:
    home = root / LAUNCHER_FOLDER
    home.mkdir()
    (home / "start.py").write_bytes(Path(launcher.__file__).read_bytes())
    (home / "no-python.txt").write_text(data_text("start/no-python.txt"), encoding="utf-8", newline="\r\n")
    name, wheel = own_wheel()
    (home / name).write_bytes(wheel)
    (root / WINDOWS_LAUNCHER).write_text(data_text("start/run.bat"), encoding="ascii", newline="\r\n")
    unix = root / UNIX_LAUNCHER
    unix.write_text(data_text("start/run.command"), encoding="ascii", newline="\n")
    unix.chmod(0o755)
