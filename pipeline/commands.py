"""What each command but `run` does: one function a command, values in, an exit code out."""

import json
from pathlib import Path
from typing import Any

from pipeline import console
from pipeline import guideline as guidelines
from pipeline.errors import Exit, UnusableOption, UnusableWorkspace
from pipeline.model import Guideline
from pipeline.settings import load_settings
from pipeline.workspace import Workspace, open_workspace


def _guideline(workspace: Path, file: Path | None) -> Guideline:
    return guidelines.load(file) if file is not None else guidelines.find(open_workspace(workspace))


def _year(workspace: Workspace, year: int | None) -> int:
    """The year asked for, else the guideline's, as `run` takes it."""
    if year is not None:
        return year
    found = guidelines.find(workspace).year
    if found is None:
        raise UnusableOption("指南的标题里没有年份：请用 --year 指明，例如 --year 2024。")
    return found


def _outputs(workspace: Workspace, year: int) -> Path:
    folder = workspace.outputs(year)
    if not (folder / "run.json").is_file():
        raise UnusableWorkspace(f"outputs/{year} 里没有上次运行的结果：请先运行 shuangchuang run。")
    return folder


def guideline_show(workspace: Path, file: Path | None, as_json: bool) -> Exit:
    """The tree; 0 even with findings (CONTRACT)."""
    guideline = _guideline(workspace, file)
    if as_json:
        console.say_json(guidelines.as_json(guideline))
    else:
        guidelines.show_text(guideline)
    return Exit.DONE


def guideline_check(workspace: Path, file: Path | None, as_json: bool) -> Exit:
    """What looks wrong in the guideline itself."""
    findings = guidelines.check(_guideline(workspace, file))
    if as_json:
        console.say_json([{"place": f.place, "message": f.message, "suggestion": f.suggestion} for f in findings])
    else:
        for finding in findings:
            console.say(f"{finding.place}：{finding.message}" + (f"（建议：{finding.suggestion}）" if finding.suggestion else ""))
        console.say(f"共 {len(findings)} 处。" if findings else "没有发现问题。")
    return Exit.FINDINGS if findings else Exit.DONE


def explain(workspace: Path, year: int | None, identifier: str, as_json: bool) -> Exit:
    """One line of the last run's evidence.jsonl, in words."""
    from pipeline.publish import evidence_lines

    place = open_workspace(workspace)
    folder = _outputs(place, _year(place, year))
    for row in evidence_lines(folder):
        if identifier in (row["id"], row["number"]):
            _explain(row, as_json)
            return Exit.DONE
    raise UnusableOption(f"上次运行里没有编号为“{identifier}”的段落：编号见 evidence.jsonl 或 审阅清单.xlsx。")


def _explain(row: dict[str, Any], as_json: bool) -> None:
    if as_json:
        console.say_json(row)
        return
    console.say(f"{row['department']}　{row['source']}　{json.dumps(row['locator'], ensure_ascii=False)}")
    console.say(row["text"])
    console.say(f"归到：{row['code'] or '不属于任何指标'}（{row['status']}，把握 {row['confidence']:.2f}）")
    for reason in row["why"]:
        console.say(f"  {reason}")
    for other in row["alternatives"][1:]:
        console.say(f"  其次：{other['code'] or '不属于任何指标'}（{other['confidence']:.2f}）")


def doctor(as_json: bool) -> Exit:
    """Which optional parts this machine has."""
    from pipeline.doctor import examine

    parts = examine()
    if as_json:
        console.say_json([{"name": p.name, "found": p.found, "remedy": p.remedy} for p in parts])
    else:
        for part in parts:
            console.say(f"{'有' if part.found else '缺'}　{part.name}　{part.detail if part.found else part.remedy}")
    return Exit.DONE


__all__ = ["doctor", "explain", "guideline_check", "guideline_show", "load_settings"]
