"""What several tests share: a warehouse in a temporary folder, a page to put into it, and one Prefect server a session."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from warehouse.settings import Settings

Write = Callable[..., Path]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests of flows last: Prefect and Dask leave threads behind that draw random numbers, which hypothesis forbids."""
    items.sort(key=lambda item: item.path.name in {"test_cluster.py", "test_flows.py"})


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


def page(number: int = 1, city: str = "襄阳", value: str = "5827.8") -> str:
    """A small news page in the shape of a text dump; every number gives another content."""
    return (
        f"首页 新闻 视频\n{city}第{number}号经济快报\n2024-02-0{number % 9 + 1} 09:30:00 | 来源：{city}日报 | 点击：{number}\n"
        f"　　记者从{city}市统计局获悉，2023年，全市实现地区生产总值{value}亿元，同比增长5.{number % 10}%。"
        f"其中，第一产业增加值{number}.5亿元，增长4.1%。这是本报第{number}次报道这一数据，供读者参考。\n"
        "【编辑：李明】\n"
    )


@pytest.fixture
def write(inbox: Path) -> Write:
    """Put a page into the inbox: ``write("a.txt")`` a page of its own, ``write("a.txt", text)`` a given one."""
    count = iter(range(1, 1000))

    def put(name: str, content: str | bytes | None = None) -> Path:
        path = inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if content is None:
            content = page(next(count))
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return put


@pytest.fixture(scope="session")
def prefect_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Prefect server for the session; imported here only, as the import alone costs seconds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PREFECT_HOME", str(tmp_path_factory.mktemp("prefect")))
        patch.setenv("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
        patch.setenv("DO_NOT_TRACK", "1")
        patch.setenv("PREFECT_LOGGING_LEVEL", "WARNING")
        from prefect.testing.utilities import prefect_test_harness

        with prefect_test_harness(server_startup_timeout=120):
            yield "running"
