"""Compile what reads the figures into extension modules where that is asked for, as ``make fast`` does.

Everything else of the build is in pyproject.toml. Without it the parser runs from its sources, with the same values.
"""

from __future__ import annotations

import os
import re
import runpy
from pathlib import Path

from setuptools import setup

ROOT = Path(__file__).parent
IMPORT = re.compile(r"^from parsers\.(\w+) import", re.MULTILINE)


def reached(module: str) -> set[str]:
    """A module of the parser and all that it imports of the parser."""
    found, ahead = set(), {module}
    while ahead:
        name = ahead.pop()
        found.add(name)
        source = (ROOT / "parsers" / f"{name}.py").read_text(encoding="utf-8")
        ahead |= set(IMPORT.findall(source)) - found
    return found


def extensions() -> list[object]:
    """The modules that read figures, in one group named after the rules that they were made of."""
    from mypyc.build import mypycify  # noqa: PLC0415 - only who compiles needs it

    digest = runpy.run_path(str(ROOT / "parsers" / "version.py"))["digest"](ROOT / "parsers")
    # Others take the values of the model apart; a higher level of optimising takes twice as long and gains nothing.
    modules = [f"parsers/{name}.py" for name in sorted(reached("metrics") - {"model"})]
    return list(mypycify(modules, group_name=f"parsers.rules_{digest}", opt_level="1"))


if __name__ == "__main__":
    os.chdir(ROOT)
    setup(ext_modules=extensions() if os.environ.get("CHENGSHU_COMPILE") else [])
