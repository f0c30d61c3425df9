"""The command line as a person meets it: exit codes, one clear line for what is wrong, Chinese on any terminal."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.cells import cell_len
from typer.testing import CliRunner, Result

from flows.cli import app, main
from tests.conftest import page
from warehouse.settings import Settings

Write = Callable[..., Path]
ROOT = Path(__file__).resolve().parent.parent


def call(settings: Settings, *args: object) -> Result:
    return CliRunner().invoke(app, ["--home", str(settings.home), *map(str, args)])


def told(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *args: object) -> tuple[int, str]:
    """Exit code and error line of the whole program."""
    monkeypatch.setattr(sys, "argv", ["chengshu", *map(str, args)])
    with pytest.raises(SystemExit) as end:
        main()
    return int(end.value.code or 0), capsys.readouterr().err.strip()


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The project's own seeds, ingested and published once."""
    settings = Settings(home=tmp_path_factory.mktemp("home"))
    result = call(settings, "ingest", ROOT / "seeds", "--executor", "inline", "--publish")
    assert result.exit_code == 0, result.output
    return settings


def test_ingest_tells_what_it_did_and_does_nothing_twice(settings: Settings, write: Write, inbox: Path) -> None:
    write("a.txt")
    first = call(settings, "ingest", inbox)
    assert first.exit_code == 0
    assert "写入文档 1 篇" in first.output
    assert str(settings.home) in first.output
    second = call(settings, "ingest", inbox)
    assert second.exit_code == 0
    assert "什么也没有重做" in second.output


def test_bad_sources_have_a_line_each_and_do_not_fail_the_rest(settings: Settings, write: Write, inbox: Path) -> None:
    write("a.txt")
    write("empty.txt", b"")
    write("noise.bin", bytes(range(256)) * 40)
    (inbox / "folder.html").mkdir()
    result = call(settings, "ingest", inbox, inbox / "folder.html", inbox / "missing.txt")
    assert result.exit_code == 0
    lines = [line for line in result.output.splitlines() if line.startswith("拒收　")]
    assert len(lines) == 4
    assert all(line.endswith("）") for line in lines)


def test_nothing_but_bad_files_is_no_failure(settings: Settings, write: Write, inbox: Path) -> None:
    write("empty.txt", b"")
    result = call(settings, "ingest", inbox)
    assert result.exit_code == 0
    assert "拒收 1" in result.output


def test_naming_nothing_that_exists_is_a_wrong_call(settings: Settings, inbox: Path) -> None:
    result = call(settings, "ingest", inbox / "missing.txt", inbox / "*.html")
    assert result.exit_code == 2
    assert "路径不存在" in result.output
    assert "新读 0 页" in result.output


def test_members_of_archives_are_told(settings: Settings, inbox: Path) -> None:
    with zipfile.ZipFile(inbox / "a.zip", "w") as archive:
        for number in range(2):
            archive.writestr(f"{number}.txt", page(number))
    assert "见到 1 个文件，新读 2 页（其中压缩包内 2 页）" in call(settings, "ingest", inbox).output


UNREADABLE = """
import os, sys
from pathlib import Path
from flows.load import ingest
from parsers import parse
from tests.conftest import page
from warehouse.catalog import open_lake
from warehouse.settings import Settings

home, inbox = map(Path, sys.argv[1:])
settings = Settings(home=home / "a")
parse(page().encode(), "a.txt")
open_lake(settings).close()  # whatever is imported late is imported while everything may be read
if os.getuid() == 0:
    for path in [home, *home.rglob("*")]:
        os.chown(path, 65534, 65534)
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
result = ingest(settings, [inbox], executor="inline")
print(result.documents, [(Path(uri).name, code) for uri, code, _ in result.problems])
"""


def test_a_file_nobody_may_read_is_a_reject_and_the_rest_is_read() -> None:
    with tempfile.TemporaryDirectory() as folder:
        top, inbox, home = Path(folder), Path(folder) / "inbox", Path(folder) / "home"
        inbox.mkdir()
        home.mkdir()
        for each in (top, inbox, home):
            each.chmod(0o755)
        for name in ("open.txt", "closed.txt"):
            (inbox / name).write_text(page(1 if name == "open.txt" else 2), encoding="utf-8")
            (inbox / name).chmod(0o644)
        (inbox / "closed.txt").chmod(0)
        (inbox / "locked").mkdir(mode=0)
        done = subprocess.run(
            [sys.executable, "-c", UNREADABLE, str(home), str(inbox)],
            env={**os.environ, "PYTHONPATH": str(ROOT)}, cwd="/", capture_output=True, text=True, encoding="utf-8", check=False,
        )  # fmt: skip
        (inbox / "locked").chmod(0o700)
    assert done.returncode == 0, done.stderr
    documents, problems = done.stdout.strip().split(" ", 1)
    assert documents == "1", done.stdout
    assert sorted(ast.literal_eval(problems)) == [("closed.txt", "unreadable"), ("locked", "unreadable")]


@pytest.mark.parametrize(
    "args",
    [
        ["ingest"],
        ["ingest", "x", "--executor", "threads"],
        ["ingest", "x", "--workers", "0"],
        ["nonsense"],
        ["trend"],
        ["sql", "select 1", "--format", "xml"],
    ],
)
def test_wrong_calls_end_with_two(settings: Settings, args: list[str]) -> None:
    assert call(settings, *args).exit_code == 2


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["trend"], "缺少参数 指标"),
        (["nonsense"], "没有命令 nonsense"),
        (["trend", "GDP", "--ciy", "芜湖"], "没有选项 --ciy"),
        (["trend", "GDP", "--city"], "选项 --city 后面要有值"),
        (["ingest", "x", "--workers", "0"], "不能小于 1"),
        (["ingest", "x", "--workers", "two"], "要写整数"),
        (["sql", "select 1", "--format", "xml"], "没有 xml，可用"),
        (["diff", "a", "b", "c"], "多余的参数"),
        (["trend", "\udce5\udc9c"], "不是 UTF-8 文字"),
    ],
)
def test_wrong_calls_are_told_in_chinese_in_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, settings: Settings, args: list[str], words: str
) -> None:
    code, line = told(capsys, monkeypatch, "--home", settings.home, *args)
    assert (code, words in line) == (2, True), line
    assert len(line.splitlines()) == 1


def test_the_program_alone_shows_its_help_in_chinese(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    code, text = told(capsys, monkeypatch)
    assert code == 2
    assert text.startswith("用法：chengshu")
    assert not re.search(r"^(Usage|Options|Commands|Arguments)", text, re.MULTILINE)
    assert "parser" not in CliRunner().invoke(app, ["ingest", "--help"]).output


def test_the_version_names_release_and_parser() -> None:
    result = CliRunner().invoke(app, ["--version"])
    assert result.exit_code == 0
    assert re.fullmatch(r"chengshu \S+，解析器 \S+\+[0-9a-f]{8}\n", result.output)


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["trend", "地区生产总值"], "还没有发布"),
        (["sql", "select 1"], "还没有发布"),
        (["explain", "no-such-thing"], "没有文件"),
        (["sql", "no_such_question"], "没有名为"),
        (["export"], "还没有发布"),
        (["report"], "还没有发布"),
        (["explain", "."], "是目录"),
    ],
)
def test_what_a_user_can_put_right_is_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, settings: Settings, args: list[str], words: str
) -> None:
    code, line = told(capsys, monkeypatch, "--home", settings.home, *args)
    assert code == 1
    assert words in line
    assert "Traceback" not in line
    assert len(line.splitlines()) == 1


def test_a_broken_query_is_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, published: Settings
) -> None:
    code, line = told(capsys, monkeypatch, "--home", published.home, "sql", "selekt 1")
    assert code == 1
    assert len(line.splitlines()) == 1
    code, line = told(capsys, monkeypatch, "--home", published.home, "sql", "create table x (a int)")
    assert code == 1
    assert "read-only" in line


def test_a_home_that_is_a_file(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, write: Write
) -> None:
    page = write("a.txt")
    code, line = told(capsys, monkeypatch, "--home", page, "ingest", page)
    assert code == 1
    assert len(line.splitlines()) == 1


def test_trend_across_cities(published: Settings) -> None:
    result = call(published, "trend", "地区生产总值", "--city", "洛阳", "--city", "襄阳")
    assert result.exit_code == 0
    assert "洛阳市" in result.output
    assert re.search(r"襄阳市.*2024|2024年", result.output)
    assert "单位：亿元，同比 %" in result.output
    assert "--period all" in result.output
    assert call(published, "trend", "GDP", "--city", "洛阳").exit_code == 0
    rows = json.loads(call(published, "trend", "地区生产总值", "--city", "洛阳", "--format", "json").output)
    assert {row["city"] for row in rows} == {"洛阳市"}
    assert len({row["year"] for row in rows}) >= 3


def test_trend_by_period(published: Settings) -> None:
    half = call(published, "trend", "地区生产总值", "--period", "1-6月")
    assert half.exit_code == 0
    assert "2025年1-6月" in half.output
    assert not re.search(r"20\d\d年 ", half.output)
    everything = call(published, "trend", "地区生产总值", "--period", "all").output
    assert "地区生产总值（年；" in everything
    assert "2025年1-6月" in everything
    assert "另有" not in everything
    assert call(published, "trend", "地区生产总值", "--period", "某月").exit_code == 1
    rows = json.loads(call(published, "trend", "地区生产总值", "-p", "ytd", "--format", "json").output)
    assert {row["period_type"] for row in rows} == {"ytd"}


def test_growth_by_month_has_months_for_heads(published: Settings) -> None:
    text = call(published, "trend", "规模以上工业增加值", "--kind", "growth_yoy", "--period", "month").output
    assert re.search(r"20\d\d年\d+月 ", text)
    assert not re.search(r"\d{4}-\d\d-\d\d", text)


def test_wide_rows_stand_on_their_side(published: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    text = call(published, "sql", "from conflicts limit 1").output
    assert "── 第 1 行 ──" in text
    assert re.search(r"^indicator_id +\S+$", text, re.MULTILINE)
    monkeypatch.setenv("COLUMNS", "50")
    tables = call(published, "trend", "地区生产总值").output.split("另有")[0]
    assert len(re.findall(r"^城市 ", tables, re.MULTILINE)) > 1  # cut into tables below one another
    assert all(cell_len(line) <= 50 for line in tables.splitlines())


def test_a_closed_pipe_is_no_failure(published: Settings) -> None:
    command = [
        sys.executable,
        "-m",
        "flows.cli",
        "--home",
        str(published.home),
        "sql",
        "from range(100000)",
        "--limit",
        "100000",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.wait(60) == 0
        assert process.stderr is not None
        assert process.stderr.read() == b""


def test_an_unknown_indicator_or_city_names_the_nearest(published: Settings) -> None:
    result = call(published, "trend", "地区生产总植")
    assert result.exit_code == 1
    assert "最接近" in result.output
    assert call(published, "trend", "地区生产总值", "--city", "无此城").exit_code == 1


def test_sql_in_all_formats(published: Settings) -> None:
    assert "1,234" not in call(published, "sql", "select 1234 as a").output
    assert call(published, "sql", "select 1 as a, '芜湖' as b", "--format", "csv").output == "a,b\n1,芜湖\n"
    assert json.loads(call(published, "sql", "select 1 as a", "--format", "json").output) == [{"a": 1}]
    short = call(published, "sql", "from range(500)", "--limit", "3").output
    assert "只显示前 3 行" in short


def test_every_named_question_answers(published: Settings) -> None:
    listed = json.loads(call(published, "sql", "--format", "json").output)
    assert len(listed) >= 5
    for entry in listed:
        result = call(published, "sql", entry["名字"])
        assert result.exit_code == 0, entry


def test_the_sql_in_the_readme_runs(published: Settings) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    queries = re.findall(r"```sql\n(.*?)```", text, re.DOTALL) + re.findall(
        r'^chengshu sql "(.*?)"', text, re.MULTILINE
    )
    assert len(queries) >= 3
    for query in queries:
        rows = json.loads(call(published, "sql", query, "--format", "json").output)
        assert rows, query


def test_explain_a_file_shows_blocks_rules_and_marks(settings: Settings, write: Write) -> None:
    result = call(settings, "explain", write("a.txt"))
    assert result.exit_code == 0
    assert re.search(r"^去 .*首页 新闻 视频$", result.output, re.MULTILINE)
    assert re.search(r"^留 .*记者从襄阳市统计局获悉", result.output, re.MULTILINE)
    assert "【5827.8亿元】" in result.output
    assert "gdp·level·actual" in result.output
    empty = call(settings, "explain", write("empty.txt", b""))
    assert empty.exit_code == 0
    assert "拒收" in empty.output


def test_explain_a_value(published: Settings) -> None:
    rows = json.loads(
        call(published, "sql", "select metric_id, value_text from metrics limit 1", "--format", "json").output
    )
    result = call(published, "explain", rows[0]["metric_id"])
    assert result.exit_code == 0
    assert f"【{rows[0]['value_text']}】" in result.output
    assert result.output.count("/seeds/") == 1
    assert "00:00:00" not in result.output
    assert "标题" in result.output


def test_a_value_nobody_knows(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, published: Settings
) -> None:
    code, line = told(capsys, monkeypatch, "--home", published.home, "explain", "zzzz")
    assert (code, "没有这个数值" in line) == (1, True)


def test_reparse_doctor_and_maintain(published: Settings) -> None:
    assert "没有要做的" in call(published, "reparse").output
    assert call(published, "doctor").exit_code == 0
    maintained = call(published, "maintain")
    assert maintained.exit_code == 0
    assert re.fullmatch(r"维护完成：数据文件 \d+ → \d+ 个.*\n", maintained.output)


def test_export_and_report(published: Settings, tmp_path: Path) -> None:
    result = call(published, "export", "--to", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert list((tmp_path / "out").rglob("*.xlsx"))
    result = call(published, "report")
    assert result.exit_code == 0, result.output
    assert ".html" in result.output


def test_publish_says_when_nothing_changed(published: Settings) -> None:
    assert "没有变化" in call(published, "publish").output


def test_diff_of_two_runs(settings: Settings, write: Write, inbox: Path) -> None:
    for name in ("a.txt", "b.txt"):
        write(name)
        call(settings, "ingest", inbox)
    call(settings, "publish")
    runs = json.loads(call(settings, "sql", "select run_id from runs order by started_at", "--format", "json").output)
    result = call(settings, "diff", runs[0]["run_id"], runs[1]["run_id"])
    assert result.exit_code == 0, result.output
    assert "gdp" in result.output or "地区生产总值" in result.output


@pytest.mark.parametrize("more", [{"PYTHONIOENCODING": "ascii", "LANG": "C"}, {"PYTHONUTF8": "0", "LC_ALL": "C"}])
def test_chinese_survives_a_terminal_without_it(tmp_path: Path, more: dict[str, str]) -> None:
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("LC_", "PYTHONUTF8"))}
    environment |= {"PYTHONPATH": str(ROOT), **more}
    (tmp_path / "有.txt").write_text(page(), encoding="utf-8")
    command = [sys.executable, "-m", "flows.cli", "--home", str(tmp_path / "仓库"), "ingest", "--executor", "inline"]
    done = subprocess.run(
        [*command, str(tmp_path / "*.txt"), "没有.txt"], env=environment, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "没有.txt：路径不存在" in done.stderr.decode("utf-8")
    assert "写入文档 1 篇" in done.stdout.decode("utf-8")
