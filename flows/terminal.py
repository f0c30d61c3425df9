"""What a person meets at the prompt: help and wrong calls in Chinese, one line for what failed, pipes that may close.

Exit codes: 0 fine, 1 failed, 2 a wrong call. CHENGSHU_DEBUG shows the traceback of what failed.
"""

from __future__ import annotations

import os
import re
import sys
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from warehouse.faults import told

__all__ = ["Command", "Group", "UserError", "chinese_help", "chinese_usage", "run", "text"]

HELP_WORDS = (
    (r"^Usage: ", "用法："),
    (r"^Options:$", "选项："),
    (r"^Arguments:$", "参数："),
    (r"^Commands:$", "命令："),
    (r"Show this message and exit\.", "显示这段说明"),
    (r"\[OPTIONS\] COMMAND \[ARGS\]\.\.\.", "[选项] 命令 [参数]..."),
    (r"\[OPTIONS\]", "[选项]"),
    (r"\[required\]", "[必填]"),
    (r"\[default: (.*?)\]", r"[默认：\1]"),
    (r"<int range>", "<整数>     "),  # as wide as before, so that columns stay columns
    (r"<list\[str\]>", "<文字>     "),
    (r"<choice>", "<选一>  "),
    (r"<path>", "<路径>"),
    (r"<str>", "<词> "),
    (r"\{(\S+?)\}", r"\1"),
)
USAGE_WORDS = (
    (r"Missing argument '(.+?)'\.?", r"缺少参数 \1"),
    (r"Missing option '(.+?)'\.?", r"缺少选项 \1"),
    (r"No such command '(.+?)'\.?", r"没有命令 \1"),
    (r"No such option:? '?(-[\w-]*)'?\.?", r"没有选项 \1"),
    (r"Option '(.+?)' requires an argument\.?", r"选项 \1 后面要有值"),
    (r"Option '(.+?)' does not take a value\.?", r"选项 \1 后面不带值"),
    (r"Got unexpected extra arguments?\(?s?\)? \((.+)\)", r"多余的参数：\1"),
    (r"Invalid value for '?(.+?)'?: ", r"\1 的值不对："),
    (r"Missing command\.?", "缺少命令"),
    (r"Invalid value: ", "值不对："),
    (r"Input should be a valid integer.*", "要写整数"),
    (r"Input should be greater than or equal to (\S+)", r"不能小于 \1"),
    (r"Value error, ", ""),
    (r"'([^']+?)' is not one of (.+?)\.?$", r"没有 \1，可用 \2"),
    (r"\(Possible options: (.+?)\)", r"（是不是：\1）"),
    (r"Did you mean (.+?)\?", r"（是不是：\1）"),
)


class UserError(Exception):
    """What the caller can put right, in one line."""


def _worded(said: str, words: tuple[tuple[str, str], ...]) -> str:
    for pattern, word in words:
        said = re.sub(pattern, word, said, flags=re.MULTILINE)
    return said


def chinese_help(said: str) -> str:
    """The help of a command with its headings in Chinese.

    >>> chinese_help("Usage: chengshu trend [OPTIONS]")
    '用法：chengshu trend [选项]'
    """
    return _worded(said, HELP_WORDS)


def chinese_usage(said: str) -> str:
    """What is wrong with a call, in Chinese.

    >>> chinese_usage("Missing argument 'indicator'.")
    '缺少参数 indicator'
    """
    return _worded(said, USAGE_WORDS)


class Command(TyperCommand):
    """A command whose help speaks Chinese throughout."""

    def get_help(self, ctx: Any) -> str:  # noqa: ANN401 - typer keeps this type to itself
        """The help, as shown."""
        return chinese_help(super().get_help(ctx))


class Group(TyperGroup):
    """The program itself, likewise."""

    def get_help(self, ctx: Any) -> str:  # noqa: ANN401 - typer keeps this type to itself
        """The help, as shown."""
        return chinese_help(super().get_help(ctx))


def text(value: str | None) -> str | None:
    """A word of the command line that must be readable text, as what comes next is a query.

    >>> text("芜湖")
    '芜湖'
    """
    if value is not None and any("\ud800" <= char <= "\udfff" for char in value):
        raise typer.BadParameter(f"{value.encode('utf-8', 'backslashreplace').decode()} 不是 UTF-8 文字")
    return value


def run(app: typer.Typer, program: str) -> None:
    """Run the command line; whatever goes wrong is told in one line, unless CHENGSHU_DEBUG asks for more."""
    if (
        sys.getfilesystemencoding() == "ascii"
    ):  # LC_ALL=C with PYTHONUTF8=0: no Chinese argument or file name would be read
        os.execve(sys.executable, sys.orig_argv, {**os.environ, "PYTHONUTF8": "1"})  # noqa: S606 - this very program
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:  # Chinese consoles on Windows are GBK, pipes may be ASCII
            reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        command = typer.main.get_command(app)
        with command.make_context(program, sys.argv[1:]) as context:
            command.invoke(context)
        sys.stdout.flush()
    except typer.Exit as end:
        raise SystemExit(end.exit_code) from None
    except (KeyboardInterrupt, typer.Abort):
        _fail("已中断；已提交的分片都在，再运行一次即可接着做")
    except BrokenPipeError:  # the reader of our output went away (head, less): not our failure
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0) from None
    except Exception as error:
        if hasattr(error, "format_message"):
            _wrong_call(error, program)
        if os.environ.get("CHENGSHU_DEBUG"):
            raise
        said = told(error)
        line = (str(said).strip().splitlines() or [""])[0]
        known = isinstance(said, UserError | LookupError | OSError) or type(said).__module__.startswith("warehouse")
        _fail(line if known and line else f"{type(error).__name__}：{line}")


def _wrong_call(error: Any, program: str) -> None:  # noqa: ANN401 - as above
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else program
    said = error.format_message()
    if type(error).__name__ == "NoArgsIsHelpError":
        print(said, file=sys.stderr)
    else:
        print(f"用法不对：{chinese_usage(said)}（{path} --help 有说明）", file=sys.stderr)
    raise SystemExit(error.exit_code) from None


def _fail(line: str) -> None:
    print(f"错误：{line}", file=sys.stderr)
    raise SystemExit(1)
