"""The commands: options are parsed here, one call is made, an exit code comes back. Nothing else happens here.

Modules are imported inside the commands, so that `--help` answers at once.
"""

import sys
from pathlib import Path
from typing import Any

import click

from pipeline import __version__
from pipeline.errors import Exit, Unusable

PLACE = "pipeline.workspace"  # where a command's workspace stands in click's context, for the report of a fault


def _remember(ctx: click.Context, _parameter: click.Parameter, value: Path) -> Path:
    ctx.meta[PLACE] = value
    return value


WORKSPACE = click.option(
    "--workspace",
    metavar="文件夹",
    type=click.Path(path_type=Path),
    default=Path(),
    callback=_remember,
    help="放有 inputs 的文件夹；不写就是当前文件夹。",
)
YEAR = click.option("--year", metavar="年份", type=click.IntRange(2000, 2100), help="年度；不写就用指南标题里的年份。")
JSON = click.option("--json", "as_json", is_flag=True, help="输出 JSON，供别的程序读取。")
FILE = click.Path(path_type=Path)


class Command(click.Command):
    """One command; its usage line is Chinese."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **{"options_metavar": "[选项]", **named})


class Group(click.Group):
    """Commands under one name."""

    command_class = Command

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **{"options_metavar": "[选项]", "subcommand_metavar": "命令 …", **named})


class Commands(Group):
    """The border where exceptions become sentences and exit codes."""

    group_class = Group

    def main(self, *arguments: Any, **named: Any) -> Any:
        from pipeline import console, wording

        console.prepare_streams()
        wording.speak_chinese()
        return super().main(*arguments, **named)

    def invoke(self, ctx: click.Context) -> Any:
        from pipeline import console

        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, BrokenPipeError):
            raise  # click's own: wrong usage, --help, a reader that has closed the pipe
        except Unusable as error:
            console.complain(str(error))
            ctx.exit(error.exit_code)
        except (KeyboardInterrupt, click.Abort):
            console.complain("已中断。已经写好的文件都是完整的，可以放心再运行一次。")
            ctx.exit(Exit.INTERRUPTED)
        except Exception as error:  # nothing a clerk does may end in a traceback; what happened is kept for a developer
            console.complain(console.fault(error, ctx.meta.get(PLACE)))
            ctx.exit(Exit.UNUSABLE)


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="退出码：0 全部完成；1 已完成，但有要人处理的事；2 用法不对，或工作文件夹、指南、设置不能用；130 被中断。",
)
@click.version_option(__version__, prog_name="双创", message="%(prog)s %(version)s", help="显示版本号。")
def main() -> None:
    """双创：读指南和各单位报送的材料，写出总结、评分表和全校汇总，每句话都能查到出处。

    把材料放进 inputs/submissions/单位名称/，然后运行 shuangchuang run。
    """


@main.command()
@WORKSPACE
@YEAR
@click.option(
    "--jobs", metavar="个数", type=click.IntRange(0, 256), default=0, help="同时处理几个文件；0 表示按电脑的核数。"
)
@click.option("--cluster", metavar="地址", help="Dask 调度器的地址，例如 tcp://host:8786。")
@click.option("--final", is_flag=True, help="出可签字的定稿：没有批注、下拉框和标记。")
@click.option("--fresh", is_flag=True, help="不用以前保存的中间结果，全部重新读。")
@click.option("--without-decisions", is_flag=True, help="不用人工审阅的决定，看程序自己会怎样做。")
@click.option("--quiet", is_flag=True, help="只说要人处理的事。")
@click.option("--verbose", is_flag=True, help="逐个文件报告。")
@JSON
def run(
    workspace: Path,
    year: int | None,
    jobs: int,
    cluster: str | None,
    final: bool,
    fresh: bool,
    without_decisions: bool,
    quiet: bool,
    verbose: bool,
    as_json: bool,
) -> None:
    """读 inputs/，写 outputs/年度/。"""
    from pipeline import console
    from pipeline.run import run as run_all
    from pipeline.settings import Options

    options = Options(workspace, year, jobs, cluster, final, fresh, without_decisions)
    with console.progress(quiet or as_json, verbose) as progress:
        report = run_all(options, progress)
    console.account(report, quiet=quiet, as_json=as_json)
    sys.exit(report.exit_code)


@main.group()
def guideline() -> None:
    """查看、检查、比较指南。"""


@guideline.command("show")
@WORKSPACE
@JSON
@click.argument("file", type=FILE, required=False)
def guideline_show(workspace: Path, as_json: bool, file: Path | None) -> None:
    """指标树和其中可以核对的要求。"""
    from pipeline import commands

    sys.exit(commands.guideline_show(workspace, file, as_json))


@guideline.command("check")
@WORKSPACE
@JSON
@click.argument("file", type=FILE, required=False)
def guideline_check(workspace: Path, as_json: bool, file: Path | None) -> None:
    """指南本身看上去有问题的地方；不改动任何东西。"""
    from pipeline import commands

    sys.exit(commands.guideline_check(workspace, file, as_json))


@guideline.command("diff")
@JSON
@click.option("--word", metavar="文件", type=FILE, help="另存一份 Word 对照表。")
@click.argument("old", type=FILE)
@click.argument("new", type=FILE)
def guideline_diff(as_json: bool, word: Path | None, old: Path, new: Path) -> None:
    """两份指南有什么不同，指标怎样对应。"""
    from pipeline import commands

    sys.exit(commands.guideline_diff(old, new, as_json, word))


@main.command()
@click.option(
    "--guideline",
    "guideline_file",
    metavar="文件",
    type=FILE,
    help="指南文件；不写就用当前文件夹 inputs/guideline 里的。",
)
@click.argument("input_file", metavar="INPUT.jsonl", type=FILE)
@click.argument("output_file", metavar="OUTPUT.jsonl", type=FILE)
def classify(guideline_file: Path | None, input_file: Path, output_file: Path) -> None:
    """给一批段落归类：每行 {"id","text"}，写出指标代码和把握。"""
    from pipeline import commands

    sys.exit(commands.classify(guideline_file, input_file, output_file))


@main.command()
@click.option(
    "--guideline",
    "guideline_file",
    metavar="文件",
    type=FILE,
    help="指南文件；不写就用当前文件夹 inputs/guideline 里的。",
)
@JSON
@click.argument("gold", metavar="GOLD.jsonl", type=FILE)
def evaluate(guideline_file: Path | None, as_json: bool, gold: Path) -> None:
    """用标注好的段落衡量归类：准确率、宏 F1、各采纳比例下的精确率、最常混淆的指标。"""
    from pipeline import commands

    sys.exit(commands.evaluate(guideline_file, gold, as_json))


@main.command()
@WORKSPACE
@YEAR
@JSON
@click.argument("identifier", metavar="ID")
def explain(workspace: Path, year: int | None, as_json: bool, identifier: str) -> None:
    """上次运行里的一个段落：在哪里、为什么归到那里、其次可能是什么。"""
    from pipeline import commands

    sys.exit(commands.explain(workspace, year, identifier, as_json))


@main.command()
@WORKSPACE
@YEAR
@JSON
def verify(workspace: Path, year: int | None, as_json: bool) -> None:
    """重新打开原件，证明文档里每处引用、数字和日期都在所注的地方。"""
    from pipeline import commands

    sys.exit(commands.verify(workspace, year, as_json))


@main.group()
def review() -> None:
    """审阅：把人在 Word 和 Excel 里改的收回来。"""


@review.command("apply")
@WORKSPACE
@YEAR
@JSON
def review_apply(workspace: Path, year: int | None, as_json: bool) -> None:
    """读审阅过的 Word 和 Excel，写入 inputs/decisions.xlsx。"""
    from pipeline import commands

    sys.exit(commands.review_apply(workspace, year, as_json))


@main.group()
def template() -> None:
    """检查 Word 模板。"""


@template.command("check")
@WORKSPACE
@JSON
@click.argument("file", type=FILE, required=False)
def template_check(workspace: Path, as_json: bool, file: Path | None) -> None:
    """一次列出模板的所有问题和可用的字段。"""
    from pipeline import commands

    sys.exit(commands.template_check(workspace, file, as_json))


@main.command()
@click.option(
    "--guideline", "guideline_file", metavar="文件", type=FILE, help="指南文件：复制进去，评分办法按它列出指标。"
)
@click.argument("folder", metavar="DIR", type=FILE)
def init(folder: Path, guideline_file: Path | None) -> None:
    """新建工作文件夹：输入文件夹、单位名册、评分办法、使用说明和可以双击的运行文件。"""
    from pipeline import commands

    sys.exit(commands.init(folder, guideline_file))


@main.command()
@click.option(
    "--python",
    "pythons",
    metavar="版本",
    type=click.Choice(["3.11", "3.12", "3.13"]),
    multiple=True,
    help="为哪个 Python 版本准备，可以写几次；不写就三个版本都备齐。",
)
@click.argument("folder", metavar="DIR", type=FILE)
def wheels(folder: Path, pythons: tuple[str, ...]) -> None:
    """在能上网的电脑上备齐 Windows 的安装包；放进工作文件夹的 wheels 里，没有网络也能装。"""
    from pipeline import commands

    sys.exit(commands.wheels(folder, pythons))


@main.command()
@JSON
def doctor(as_json: bool) -> None:
    """看看这台电脑还缺什么（文字识别、LibreOffice、字体、集群），怎样补上。"""
    from pipeline import commands

    sys.exit(commands.doctor(as_json))


@main.command()
@WORKSPACE
@YEAR
@click.option(
    "--jobs", metavar="个数", type=click.IntRange(0, 256), default=0, help="同时处理几个文件；0 表示按电脑的核数。"
)
def watch(workspace: Path, year: int | None, jobs: int) -> None:
    """inputs/ 里一有新文件就再运行一次；按 Ctrl+C 结束。"""
    from pipeline import commands

    sys.exit(commands.watch(workspace, year, jobs))


@main.command()
@WORKSPACE
@YEAR
@click.option("--yes", is_flag=True, help="不再询问。")
def purge(workspace: Path, year: int | None, yes: bool) -> None:
    """删去一个年度的输出和中间结果；原件不动。"""
    from pipeline import commands

    sys.exit(commands.purge(workspace, year, yes))
