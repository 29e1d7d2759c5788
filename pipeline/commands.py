"""What each command but `run` does: one function a command, values in, an exit code out."""

import json
import shutil
from pathlib import Path
from typing import Any

import click

from pipeline import console
from pipeline import guideline as guidelines
from pipeline.engine.atomic import write_whole
from pipeline.engine.lock import only_run
from pipeline.errors import Exit, Unusable, UnusableOption, UnusableWorkspace
from pipeline.model import Guideline
from pipeline.settings import Options, load_settings
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
            console.say(
                f"{finding.place}：{finding.message}"
                + (f"（建议：{finding.suggestion}）" if finding.suggestion else "")
            )
        console.say(f"共 {len(findings)} 处。" if findings else "没有发现问题。")
    return Exit.FINDINGS if findings else Exit.DONE


def explain(workspace: Path, year: int | None, identifier: str, as_json: bool) -> Exit:
    """One line of the last run's evidence.jsonl, in words."""
    from pipeline.moves import evidence_lines

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


def guideline_diff(old: Path, new: Path, as_json: bool, word: Path | None) -> Exit:
    """Two editions side by side, on the screen, as JSON, and as a Word page where asked."""
    changes = guidelines.diff(guidelines.load(old), guidelines.load(new))
    if word is not None:
        write_whole(word, guidelines.diff_docx(changes))
    if as_json:
        console.say_json([{"old": c.old, "new": c.new, "change": c.change} for c in changes])
    else:
        guidelines.diff_text(changes)
    return Exit.DONE


def classify(guideline_file: Path | None, input_file: Path, output_file: Path) -> Exit:
    """Labels for passages in JSON Lines (CONTRACT: classify)."""
    from pipeline import mapping

    mapper = mapping.open_mapper(_guideline(Path(), guideline_file), load_settings())
    console.say(f"归类 {mapping.classify(input_file, output_file, mapper)} 段，写入“{output_file}”。")
    return Exit.DONE


def evaluate(guideline_file: Path | None, gold: Path, as_json: bool) -> Exit:
    """How well the program files passages whose labels are known."""
    from pipeline import mapping

    mapper = mapping.open_mapper(_guideline(Path(), guideline_file), load_settings())
    report = mapping.evaluate(gold, mapper)
    if as_json:
        console.say_json(report.as_json())
    else:
        for line in report.lines():
            console.say(line)
    return Exit.DONE


def review_apply(workspace: Path, year: int | None, as_json: bool) -> Exit:
    """What reviewers changed in Word and Excel, taken into inputs/decisions.xlsx."""
    from pipeline import takeback

    place = open_workspace(workspace)
    wanted = _year(place, year)
    _outputs(place, wanted)
    report = takeback.apply(place, wanted)
    if as_json:
        console.say_json(report.as_json())
    else:
        for line in report.lines():
            console.say(line)
    return report.exit_code


def template_check(workspace: Path, file: Path | None, as_json: bool) -> Exit:
    """Every fault of one template, or of all that a run here would use."""
    from pipeline import write

    faults = write.check_templates(Workspace(workspace.resolve()), file)
    if as_json:
        console.say_json([{"file": f.path, "place": f.place, "message": f.message, "remedy": f.remedy} for f in faults])
    else:
        for fault in faults:
            console.say(f"{fault.path}　{fault.place}：{fault.sentence()}")
        console.say(f"共 {len(faults)} 处。" if faults else "模板没有问题。")
    return Exit.FINDINGS if faults else Exit.DONE


def watch(workspace: Path, year: int | None, jobs: int) -> Exit:
    """Runs, and runs again whenever inputs/ has changed and a burst of changes has settled."""
    try:
        from watchfiles import watch as changes_in
    except ImportError as error:
        raise UnusableOption('没有安装自动重跑组件：请运行 pip install "shuangchuang[watch]" 后重试。') from error
    from pipeline.run import run

    place = open_workspace(workspace)
    options = Options(place.root, year, jobs)

    def once() -> None:
        try:
            with console.progress(quiet=False, verbose=False) as progress:
                report = run(options, progress)
            console.account(report, quiet=False, as_json=False)
        except Unusable as error:  # the next file dropped may mend it
            console.complain(str(error))

    once()
    console.say("正在等待 inputs 里的变化，按 Ctrl+C 结束。")
    settle = load_settings(place.settings).reading.watch_settle_ms
    for _changes in changes_in(place.inputs, debounce=settle, step=settle, raise_interrupt=False):
        once()
    return Exit.INTERRUPTED


def verify(workspace: Path, year: int | None, as_json: bool) -> Exit:
    """Opens the originals again and holds every finished document against them."""
    from pipeline import review, scoring, write
    from pipeline.dossiers import Rules
    from pipeline.verify.prove import Job, prove_all

    place = open_workspace(workspace)
    settings, guideline = load_settings(place.settings), guidelines.find(place)
    rubric = scoring.load_rubric(place, guideline)
    number = _year(place, year)
    rules = Rules(settings, guideline, rubric, review.recall(place, guideline, number).all, number)
    job = Job(place, rules, write.open_templates(place), _outputs(place, number))
    with console.progress(quiet=as_json, verbose=False) as progress:
        proof = prove_all(job, progress)
    if as_json:
        console.say_json(proof.as_json())
    else:
        for line in proof.lines():
            console.say(line)
    return Exit.FINDINGS if proof.unproved else Exit.DONE


def purge(workspace: Path, year: int | None, yes: bool) -> Exit:
    """Removes a year's outputs and the working store, after a question; inputs stay."""
    place = open_workspace(workspace)
    folders = [f for f in (place.outputs(_year(place, year)), place.store) if f.is_dir()]
    if not folders:
        console.say("没有可以删的。")
        return Exit.DONE
    for folder in folders:
        console.say(f"将删去：{folder}")
    if not yes and not click.confirm("确定要删吗？"):
        return Exit.DONE
    with only_run(place.store):
        pass
    for folder in folders:
        shutil.rmtree(folder)
    console.say("已删去。inputs 里的原件没有动。")
    return Exit.DONE


def init(folder: Path, guideline_file: Path | None) -> Exit:
    """A new workspace, and what to do with it."""
    from pipeline.start import make_workspace

    workspace = make_workspace(folder, guideline_file)
    console.say(f"工作文件夹建好了：{workspace.root}")
    if guideline_file is None:
        console.say("  1. 把指南（.docx、.pdf、.xlsx 或 .txt，只放一份）放进 inputs/guideline。")
    console.say("  2. 在 inputs/departments.xlsx 里填写单位名单；评分办法在 inputs/rubric.xlsx，不改就用默认值。")
    console.say("  3. 把各单位报送的材料放进 inputs/submissions，每个单位一个文件夹。")
    console.say("  4. 双击“运行.bat”（Windows）或“运行.command”（macOS）。写给使用人的一页说明：使用说明.docx。")
    return Exit.DONE


def wheels(folder: Path, pythons: tuple[str, ...]) -> Exit:
    """Everything that a Windows PC without a network needs to install."""
    from pipeline.start import collect_wheels

    count = collect_wheels(folder, pythons, console.say)
    place = "wheels" if folder.resolve().name == "wheels" else f"{folder}（请改名为 wheels）"
    console.say(f"共 {count} 个安装包，在文件夹 {place}。它要放在“运行.bat”旁边。")
    return Exit.DONE
