"""The command line as a person meets it: exit codes, one clear line for what is wrong, Chinese on any terminal."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from flows.cli import app, main
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


def test_nothing_but_bad_sources_is_a_failure(settings: Settings, inbox: Path) -> None:
    result = call(settings, "ingest", inbox / "missing.txt")
    assert result.exit_code == 1
    assert "路径不存在" in result.output


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
    assert call(published, "trend", "GDP", "--city", "洛阳").exit_code == 0
    rows = json.loads(call(published, "trend", "地区生产总值", "--city", "洛阳", "--format", "json").output)
    assert {row["city"] for row in rows} == {"洛阳市"}
    assert len({row["year"] for row in rows}) >= 3


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
    assert "标题" in result.output


def test_a_value_nobody_knows(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, published: Settings
) -> None:
    code, line = told(capsys, monkeypatch, "--home", published.home, "explain", "zzzz")
    assert (code, "没有这个数值" in line) == (1, True)


def test_reparse_doctor_and_maintain(published: Settings) -> None:
    assert "没有要做的" in call(published, "reparse").output
    assert call(published, "doctor").exit_code == 0
    assert call(published, "maintain").exit_code == 0


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


def test_chinese_survives_a_terminal_without_it(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "LC_ALL": "C", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "flows.cli", "--home", str(tmp_path), "ingest", str(tmp_path / "没有.txt")]
    done = subprocess.run(command, env=environment, capture_output=True, check=False)
    assert done.returncode == 1
    assert "路径不存在" in done.stderr.decode("utf-8")
    assert b"Traceback" not in done.stderr
