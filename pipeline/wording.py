"""click's own words in Chinese: usage, help and what was typed wrongly.

click asks gettext for them, and gettext finds a language only in the environment, which Windows does not set and which
every child process would inherit. So the two functions that click's modules call are set to look into this table.
"""

import importlib
from typing import Final

_MODULES: Final = ("core", "decorators", "exceptions", "formatting", "parser", "termui", "types", "utils")

WORDS: Final = {
    "Usage:": "用法：",
    "Options": "选项",
    "Commands": "命令",
    "Arguments": "参数",
    "Positional arguments": "参数",
    "Show this message and exit.": "显示这份说明。",
    "Show the version and exit.": "显示版本号。",
    "Error: {message}": "{message}",
    "Try '{command} {option}' for help.": "用法见 {command} {option}。",
    "Missing argument": "少写了参数",
    "Missing option": "少写了选项",
    "Missing parameter": "少写了参数",
    "Missing {param_type}": "少写了{param_type}",
    "Missing parameter: {param_name}": "少写了参数 {param_name}。",
    "Missing command.": "请写明命令。",
    "No such command {name!r}.": "没有“{name}”这个命令。",
    "No such option {name!r}.": "没有“{name}”这个选项。",
    "No such option: {name}": "没有“{name}”这个选项。",
    "Did you mean {possibility}?": "是不是要写 {possibility}？",
    "(Did you mean one of: {possibilities}?)": "（是不是要写下面之一：{possibilities}？）",
    "(Possible options: {possibilities})": "（是不是要写下面之一：{possibilities}？）",
    "Got unexpected extra argument ({args})": "多写了参数（{args}）：路径里有空格时请加引号。",
    "Got unexpected extra arguments ({args})": "多写了参数（{args}）：路径里有空格时请加引号。",
    "Option {name!r} requires an argument.": "选项 {name} 后面要写一个值。",
    "Option {name!r} requires {nargs} arguments.": "选项 {name} 后面要写 {nargs} 个值。",
    "Option {name!r} does not take a value.": "选项 {name} 后面不写值。",
    "Argument {name!r} takes {nargs} values.": "参数 {name} 要写 {nargs} 个值。",
    "Invalid value for {param_hint}: {message}": "{param_hint} 的值不能用：{message}",
    "Invalid value: {message}": "值不能用：{message}",
    "{value!r} is not a valid {number_type}.": "“{value}”不是整数。",
    "{value} is not in the range {range}.": "{value} 不在 {range} 的范围里。",
    "{value!r} is not {choice}.": "“{value}”不是 {choice}。",
    "{value!r} is not one of {choices}.": "“{value}”不是 {choices} 之一。",
    "Aborted!": "已停下。",
    "Error: invalid input": "请输入 y（是）或 n（否）。",
    "default: {default}": "默认 {default}",
    "required": "必填",
}


def speak_chinese() -> None:
    """Sets click's modules to this table; words that are not in it stay as they are."""
    for name in _MODULES:
        module = importlib.import_module(f"click.{name}")
        for function, ours in (("_", _one), ("ngettext", _one_or_many)):
            if hasattr(module, function):
                setattr(module, function, ours)


def _one(message: str) -> str:
    return WORDS.get(message, message)


def _one_or_many(one: str, many: str, count: int) -> str:
    message = one if count == 1 else many
    return WORDS.get(message, message)
