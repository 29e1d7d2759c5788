"""LibreOffice, where it is installed: turns old office formats into .docx, .xlsx or .pdf.

Each conversion has a profile of its own, so that it neither meets an open LibreOffice nor another conversion, runs no
macro, follows no link to the network, and leaves nothing behind. It is ended with all its processes when its time is up.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

_NAMES = ("soffice", "libreoffice")
_PLACES = (
    "/usr/lib/libreoffice/program/soffice",
    "/opt/libreoffice/program/soffice",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    r"C:\Program Files\LibreOffice\program\soffice.com",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.com",
)
_FILTERS = {"docx": "docx:MS Word 2007 XML", "xlsx": "xlsx:Calc MS Excel 2007 XML", "pdf": "pdf"}
# no macro runs, no link is fetched: a submission is a stranger's file
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableActiveContent" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>1</value></prop></item>
</oor:items>
"""
_NOWHERE = "http://127.0.0.1:9"  # the discard port: whatever should still ask for a page gets none


@dataclass(frozen=True, slots=True)
class Failed:
    """Why a conversion gave nothing. `why`: absent, time, or nothing (it ran, and made no file)."""

    why: Literal["absent", "time", "nothing"]


def find_soffice() -> Path | None:
    """The program, from SHUANGCHUANG_SOFFICE, the search path or the usual places."""
    named = os.environ.get("SHUANGCHUANG_SOFFICE")
    if named is not None:
        return Path(named) if Path(named).is_file() else None
    for name in _NAMES:
        found = shutil.which(name)
        if found:
            return Path(found)
    return next((Path(place) for place in _PLACES if Path(place).is_file()), None)


def convert(data: bytes, suffix: str, target: Literal["docx", "xlsx", "pdf"], seconds: float) -> bytes | Failed:
    """The file as another format. `suffix` (doc, xls, wps …) tells LibreOffice what to expect."""
    program = find_soffice()
    if program is None:
        return Failed("absent")
    with tempfile.TemporaryDirectory(prefix="shuangchuang-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        source = home / f"in.{suffix}"
        source.write_bytes(data)
        profile = home / "profile"
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(_PROFILE, encoding="utf-8")
        command = [
            str(program), f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", "--nolockcheck",
            "--nodefault", "--nofirststartwizard", "--convert-to", _FILTERS[target],
            "--outdir", str(home / "out"), str(source),
        ]  # fmt: skip
        if not _run(command, home, seconds):
            return Failed("time")
        made = home / "out" / f"in.{target}"
        return made.read_bytes() if made.is_file() and made.stat().st_size else Failed("nothing")


def _run(command: list[str], home: Path, seconds: float) -> bool:
    """Whether the command ended in time; how it ended shows in what it made."""
    environment = {**os.environ, "HOME": str(home), "TMPDIR": str(home)}
    environment |= dict.fromkeys(("http_proxy", "https_proxy", "ftp_proxy"), _NOWHERE)
    apart = sys.platform != "win32"
    try:
        process = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=apart,
        )
    except OSError:
        return True
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    finally:
        _end(process, apart)
    return True


def _end(process: subprocess.Popen[bytes], apart: bool) -> None:
    """End it with all it started: soffice is a script around the program that does the work."""
    try:
        if apart:
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    except ProcessLookupError:
        pass
    process.wait()
