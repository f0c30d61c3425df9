"""A simulated week: real server, worker and schedule; files arrive at random, processes die at random, nothing is lost or doubled.

``make soak`` runs it; CHENGSHU_SOAK_ROUNDS says how many rounds (default 12, about ten minutes).
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.conftest import page
from warehouse.catalog import open_lake
from warehouse.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
TICK_SECONDS = 15
CATCH_UP_SECONDS = 900


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Site:
    """One machine with everything that ``make deploy`` starts."""

    def __init__(self, folder: Path) -> None:
        port = free_port()
        self.state = folder / "prefect" / "deploy"
        self.inbox = folder / "inbox"
        self.settings = Settings(home=folder / "home")
        self.inbox.mkdir()
        self.environment = {
            **os.environ,
            "CHENGSHU_ROOT": str(ROOT),
            "CHENGSHU_HOME": str(self.settings.home),
            "CHENGSHU_INBOX": str(self.inbox),
            "PREFECT_HOME": str(folder / "prefect"),
            "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "DO_NOT_TRACK": "1",
            "API": f"http://127.0.0.1:{port}/api",
            "PORT": str(port),
        }

    def deploy(self, what: str) -> None:
        subprocess.run(["sh", str(ROOT / "flows" / "deploy.sh"), what], env=self.environment, check=True, timeout=300)

    def start(self) -> None:
        """Start what does not run; applying prefect.yaml puts its own schedules back, so the fast one is added again."""
        self.deploy("start")
        self.prefect("deployment", "schedule", "create", "chengshu-ingest/ingest", "--interval", str(TICK_SECONDS))

    def prefect(self, *args: str) -> str:
        command = [sys.executable, "-m", "prefect", "--no-prompt", *args]
        return subprocess.run(
            command, env=self.environment, check=True, timeout=180, capture_output=True, text=True
        ).stdout

    def kill(self, name: str) -> None:
        """End a process and all it started, without warning."""
        if name == "flow":
            for process in self.flows():
                with contextlib.suppress(OSError):
                    os.kill(process, signal.SIGKILL)
            return
        with contextlib.suppress(OSError, ValueError):
            os.killpg(int((self.state / f"{name}.pid").read_text(encoding="utf-8")), signal.SIGKILL)

    def flows(self) -> list[int]:
        """The processes of flow runs, and of their pools: what knows this site's folder and is neither server nor worker."""
        ours = f"PREFECT_HOME={self.environment['PREFECT_HOME']}".encode()
        mains = {file.read_text(encoding="utf-8").strip() for file in self.state.glob("*.pid")}
        found = []
        for entry in Path("/proc").iterdir():
            with contextlib.suppress(OSError):
                if entry.name.isdigit() and ours in (entry / "environ").read_bytes().split(b"\0"):
                    group = os.getpgid(int(entry.name))
                    if str(group) not in mains or b"flow" in (entry / "cmdline").read_bytes():
                        found.append(int(entry.name))
        return found

    def documents(self) -> tuple[int, int]:
        lake = open_lake(self.settings)
        try:
            found = lake.execute("select count(*), count(distinct document_id) from lake.documents").fetchone()
        finally:
            lake.close()
        assert found is not None
        return int(found[0]), int(found[1])


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path)
    try:
        made.start()
        yield made
    finally:
        made.deploy("stop")


@pytest.mark.soak
def test_a_simulated_week(site: Site) -> None:
    rounds = int(os.environ.get("CHENGSHU_SOAK_ROUNDS", "12"))
    rng = random.Random(20241115)
    written = 0
    for _ in range(rounds):
        for _ in range(rng.randint(5, 60)):
            written += 1
            (site.inbox / f"{written:05d}.txt").write_text(page(written), encoding="utf-8")
        time.sleep(rng.uniform(5, 40))
        victims = rng.choice([["worker"], ["server"], ["flow"], ["flow", "worker"], ["server", "worker", "flow"], []])
        for victim in victims:
            site.kill(victim)
        if victims:
            time.sleep(rng.uniform(0, 5))
            site.start()
    end = time.monotonic() + CATCH_UP_SECONDS
    while site.documents()[0] < written and time.monotonic() < end:
        time.sleep(5)
    print(f"caught up after {CATCH_UP_SECONDS - (end - time.monotonic()):.0f} s")
    assert site.documents() == (written, written)
    (site.inbox / "last.txt").write_text(page(999_999), encoding="utf-8")
    while site.documents()[0] <= written and time.monotonic() < end:
        time.sleep(5)
    assert site.documents() == (written + 1, written + 1), "the schedule no longer ticks"


class Hook(ThreadingHTTPServer):
    """A web hook that remembers what it was told."""

    def __init__(self) -> None:
        self.told: list[str] = []
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                hook.told.append(said["text"]["content"])
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def hears(self, words: str, seconds: float) -> str:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for told in self.told:
                if words in told:
                    return told
            time.sleep(0.5)
        raise AssertionError(f"{words} was not told: {self.told}")


SHORTER = """
import sys, flows.automations as a
wanted = a.automations
def shorter(block):
    found = wanted(block)
    for each in found:
        if each.name == "chengshu-nothing-new":
            each.trigger.within = 20
    return found
a.automations = shorter
a.apply(sys.argv[1])
print(a.apply(sys.argv[1]))
"""


@pytest.mark.soak
def test_automations_tell_a_web_hook(site: Site) -> None:
    """On a real server: nothing new for a while, a sudden share of rejects, a run that fails; each laid in twice, told once."""
    hook = Hook()
    try:
        command = [sys.executable, "-c", SHORTER, f"http://127.0.0.1:{hook.server_port}/"]
        subprocess.run(command, env=site.environment, cwd=ROOT, check=True, timeout=120)
        assert site.prefect("automation", "ls").count("chengshu-nothing-new") == 1
        hook.hears("一天没有新内容", 90)
        for number in range(40):
            (site.inbox / f"good{number}.txt").write_text(page(number), encoding="utf-8")
        end = time.monotonic() + CATCH_UP_SECONDS
        while site.documents()[0] < 40 and time.monotonic() < end:
            time.sleep(3)
        for number in range(40):
            (site.inbox / f"bad{number}.txt").write_bytes(bytes([number]) * 3 + bytes(range(256)) * 9)
        told = hook.hears("拒收比例突增", 240)
        assert "40 / 40" in told
        assert "binary 40" in told
        site.prefect("deployment", "run", "chengshu-backfill/backfill", "--param", "first=never")
        hook.hears("流程失败", 240)
        assert sum("拒收比例突增" in each for each in hook.told) == 1
    finally:
        hook.shutdown()
        hook.server_close()
