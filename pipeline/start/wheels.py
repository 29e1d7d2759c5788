"""Packages to install without a network: this program's own, and for Windows every dependency of it.

pip judges a requirement's conditions ("only on Windows") by the machine it runs on, not by the one it downloads for.
So what pip resolves is looked through again with Windows in mind, until nothing that Windows needs is missing.
"""

import io
import json
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib import metadata, resources
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from pipeline import __version__
from pipeline.engine.atomic import write_whole
from pipeline.errors import UnusableOption

PROJECT = "shuangchuang"
PYTHONS = ("3.11", "3.12", "3.13")
PLATFORM = "win_amd64"
_MOMENT = (1980, 1, 1, 0, 0, 0)  # the earliest a zip can say: the same bytes whenever it is made
_ROUNDS = 10  # each round adds what only Windows needs; such chains are two long


@dataclass(frozen=True, slots=True)
class Package:
    """One resolved package: its version, and what it requires, conditions and all."""

    name: str
    version: str
    requires: tuple[str, ...]


# ---------------------------------------------------------------- the program's own package


def own_wheel() -> tuple[str, bytes]:
    """File name and bytes of this program's wheel, from a clone or an installation; needs no network and no build tools."""
    info = f"{PROJECT}-{__version__}.dist-info"
    files = dict(_package_files())
    about, scripts = _described(_package().parent / "pyproject.toml") or _installed()
    files[f"{info}/METADATA"] = about.encode()
    files[f"{info}/WHEEL"] = b"Wheel-Version: 1.0\nGenerator: shuangchuang\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    files[f"{info}/entry_points.txt"] = scripts.encode()
    record = "".join(f"{name},sha256={_digest(data)},{len(data)}\n" for name, data in files.items())
    files[f"{info}/RECORD"] = f"{record}{info}/RECORD,,\n".encode()
    return f"{PROJECT}-{__version__}-py3-none-any.whl", _zipped(files)


def _package() -> Path:
    return Path(str(resources.files("pipeline")))


def _described(project_file: Path) -> tuple[str, str] | None:
    """METADATA and entry points as a clone's pyproject.toml has them; None where the package lies in no clone."""
    if not project_file.is_file():
        return None
    project = tomllib.loads(project_file.read_text(encoding="utf-8"))["project"]
    if project["name"] != PROJECT:
        return None
    lines = [
        "Metadata-Version: 2.1",
        f"Name: {PROJECT}",
        f"Version: {__version__}",
        f"Summary: {project['description']}",
    ]
    lines.append(f"Requires-Python: {project['requires-python']}")
    lines += [f"Requires-Dist: {requirement}" for requirement in project["dependencies"]]
    for extra, requirements in project["optional-dependencies"].items():
        lines.append(f"Provides-Extra: {extra}")
        lines += [f'Requires-Dist: {requirement}; extra == "{extra}"' for requirement in requirements]
    scripts = "".join(f"{name} = {target}\n" for name, target in project["scripts"].items())
    return "\n".join(lines) + "\n", f"[console_scripts]\n{scripts}"


def _installed() -> tuple[str, str]:
    try:
        installed = metadata.distribution(PROJECT)
    except metadata.PackageNotFoundError as error:
        raise UnusableOption("程序还没有安装，做不出安装包：请先在程序文件夹里运行 python -m pip install .") from error
    return installed.read_text("METADATA") or "", installed.read_text("entry_points.txt") or ""


def _package_files() -> Iterator[tuple[str, bytes]]:
    """The package as it lies in a wheel: the templates stand beside the package in a clone, and in it elsewhere."""
    package = _package()
    beside = package.parent / "templates"
    places = {"pipeline": package}
    if not (package / "templates").is_dir():
        places["pipeline/templates"] = beside
    for inside, folder in places.items():
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            if "__pycache__" not in path.parts:
                yield f"{inside}/{path.relative_to(folder).as_posix()}", path.read_bytes()


def _digest(data: bytes) -> str:
    return urlsafe_b64encode(sha256(data).digest()).rstrip(b"=").decode("ascii")


def _zipped(files: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, _MOMENT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return stream.getvalue()


# ---------------------------------------------------------------- everything for Windows


def collect_wheels(folder: Path, pythons: Sequence[str], say: Callable[[str], None]) -> int:
    """Fills `folder`; how many packages lie in it then. Raises UnusableOption where one cannot be had as a wheel."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        name, data = own_wheel()
        write_whole(folder / name, data)
    except OSError as error:
        raise UnusableOption(f"写不进“{folder}”（{error.strerror}）：请换一个文件夹。") from error
    for python in pythons or PYTHONS:
        say(f"Python {python}：正在查找所需的安装包……")
        packages = resolve([str(folder / name)], python)
        say(f"Python {python}：共 {len(packages)} 个，正在下载……")
        wanted = [f"{p.name}=={p.version}" for p in packages if p.name != PROJECT]
        _pip("download", "--no-deps", "--dest", str(folder), *_target(python), *wanted)
    return len(list(folder.glob("*.whl")))


def resolve(requirements: Sequence[str], python: str, platform: str = PLATFORM) -> tuple[Package, ...]:
    """Everything that must be installed on Windows with that Python, each to be had as a wheel; by name.

    Raises UnusableOption where something is not to be had, or the package index cannot be reached.
    """
    wanted = list(requirements)
    for _ in range(_ROUNDS):
        packages = _resolved(wanted, python, platform)
        missing = unmet(packages, python)
        if not missing:
            return tuple(packages[name] for name in sorted(packages))
        wanted += missing
    raise UnusableOption(f"备不齐安装包：{'、'.join(missing)}。请把这句话发给开发者。")


def unmet(packages: dict[str, Package], python: str) -> list[str]:
    """What the packages require on Windows and is not among them, in order of need."""
    waiting: list[tuple[str, frozenset[str]]] = [(name, frozenset()) for name in sorted(packages)]
    seen = set(waiting)
    missing: dict[str, None] = {}
    while waiting:
        name, extras = waiting.pop(0)
        for requirement in _windows_requirements(packages[name].requires, extras, python):
            target = canonicalize_name(requirement.name)
            if target not in packages:
                requirement.marker = None
                missing[str(requirement)] = None
            elif (step := (target, frozenset(requirement.extras))) not in seen:
                seen.add(step)
                waiting.append(step)
    return list(missing)


def _windows_requirements(requires: Iterable[str], extras: frozenset[str], python: str) -> Iterator[Requirement]:
    windows = {
        "os_name": "nt",
        "sys_platform": "win32",
        "platform_system": "Windows",
        "platform_machine": "AMD64",
        "platform_release": "10",
        "platform_version": "10.0.19045",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        "python_version": python,
        "python_full_version": f"{python}.0",
        "implementation_version": f"{python}.0",
    }
    for text in requires:
        requirement = Requirement(text)
        marker = requirement.marker
        if marker is None or any(marker.evaluate({**windows, "extra": extra}) for extra in ("", *sorted(extras))):
            yield requirement


def _resolved(requirements: Sequence[str], python: str, platform: str) -> dict[str, Package]:
    with tempfile.TemporaryDirectory(prefix="shuangchuang-", ignore_cleanup_errors=True) as place:
        report = Path(place) / "report.json"
        target = ["--target", str(Path(place) / "nothing"), *_target(python, platform)]
        _pip("install", "--dry-run", "--ignore-installed", "--report", str(report), *target, *requirements)
        found: list[dict[str, Any]] = json.loads(report.read_text(encoding="utf-8"))["install"]
    packages = (
        Package(canonicalize_name(m["name"]), m["version"], tuple(m.get("requires_dist", ())))
        for m in (item["metadata"] for item in found)
    )
    return {package.name: package for package in packages}


def _target(python: str, platform: str = PLATFORM) -> list[str]:
    return ["--only-binary=:all:", "--platform", platform, "--python-version", python, "--implementation", "cp"]


def _pip(command: str, *arguments: str) -> None:
    """One call of pip; raises UnusableOption with its last words where it failed."""
    options = ["--quiet", "--disable-pip-version-check", "--no-input"]
    done = subprocess.run(
        [sys.executable, "-m", "pip", command, *options, *arguments],
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode != 0:
        words = next((line for line in reversed(done.stderr.splitlines()) if line.strip()), "没有说明原因")
        raise UnusableOption(f"安装包没有下载成：请检查网络后再运行一次，已经下载的不会重来。pip 的原话：{words}")
