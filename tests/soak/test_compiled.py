"""What is compiled of the parser finds the same figures as its sources, and gives way to them when they change."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
READ = """
import hashlib, pathlib, sys
import yaml
import parsers
from parsers.metrics import find_metrics

root = pathlib.Path(sys.argv[1])
found = [parsers.parse(path.read_bytes(), path.name).metrics for path in sorted(root.glob("seeds/*.*"))]
for path in sorted(root.glob("tests/specs/metrics_*.yaml")):
    for spec in yaml.safe_load(path.read_text(encoding="utf-8")):
        context = spec.get("context") or {}
        found.append(find_metrics(spec["input"], "x", context.get("title"), None, context.get("city")))
print(parsers.IS_COMPILED, sum(map(len, found)), hashlib.sha256(repr(found).encode()).hexdigest())
"""


def read(folder: Path) -> list[str]:
    environment = {name: value for name, value in os.environ.items() if name != "CHENGSHU_PLAIN"} | {"PYTHONUTF8": "1"}
    command = [sys.executable, "-c", READ, str(ROOT)]
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.mark.soak
@pytest.mark.skipif(not (shutil.which("cc") or shutil.which("gcc")), reason="only a C compiler can compile the parser")
def test_what_is_compiled_finds_the_same(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "parsers", tmp_path / "parsers", ignore=shutil.ignore_patterns("*.so", "__pycache__"))
    for name in ("setup.py", "pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, tmp_path / name)
    plain = read(tmp_path)
    assert plain[0] == "False"
    assert int(plain[1]) > 1000
    command = [sys.executable, "setup.py", "-q", "build_ext", "--inplace", "--build-temp", "build"]
    subprocess.run(command, cwd=tmp_path, env=os.environ | {"CHENGSHU_COMPILE": "1"}, capture_output=True, check=True)
    assert read(tmp_path) == ["True", *plain[1:]]
    with (tmp_path / "parsers" / "bounds.py").open("a", encoding="utf-8") as file:
        file.write("# another version\n")
    assert read(tmp_path) == plain
