"""Kills at random moments of every chore: nothing is lost, doubled or half there, and every publish can be read meanwhile.

A short run belongs to ``make test`` (40 kills with those of test_publish); ``make soak`` does CHENGSHU_SOAK_KILLS (500) of them, and eight ingests at once.
"""

from __future__ import annotations

import os
import random
import time
from pathlib import Path

import pytest

import flows.load
from tests.soak import chores
from warehouse.catalog import forget
from warehouse.publish import publish
from warehouse.settings import Settings


def endure(tmp_path: Path, kills: int, seed: int, longest: float) -> None:
    """Kill so many chores, look at the lake after each, then let everything run to its end and compare with the pages.

    No chore lives longer than ``longest`` times the first publish, so that some end on a slow machine too.
    """
    home, inbox = tmp_path / "home", tmp_path / "inbox"
    inbox.mkdir()
    settings = Settings(home=home, lock_wait_seconds=120, publish_grace_hours=0.1)
    draw = random.Random(seed)
    pages, version, killed = 70, 1, 0
    chores.fill(inbox, 0, pages)
    version_before = vars(flows.load)["PARSER_VERSION"]
    chores.do("ingest", home, inbox, "1")
    assert version_before == vars(flows.load)["PARSER_VERSION"], "the version was not put back"
    began = time.monotonic()
    publish(settings)
    longest *= time.monotonic() - began
    ours, theirs = chores.context.Pipe()
    reader = chores.start(chores.read, home, theirs)
    theirs.close()
    truth = chores.expected(0, pages)
    tally: dict[str, int] = {}
    while killed < kills:
        chore = draw.choice(chores.CHORES)
        if chore == "ingest":
            more = pages + draw.randint(1, 6)
            chores.fill(inbox, pages, more)
            truth |= chores.expected(pages, more)
            pages = more
        version += chore == "reparse" and draw.random() < 0.5  # else one that was cut off goes on
        hears, says = chores.context.Pipe(duplex=False)
        victim = chores.start(chores.do, chore, home, inbox, str(version), says)
        says.close()  # so that the death of the process is heard too
        assert hears.recv() == "started"
        victim.join(timeout=draw.uniform(0, longest))
        victim.kill()
        victim.join()
        assert victim.exitcode in (0, -9), f"{chore} failed by itself"
        if victim.exitcode == -9:
            killed += 1
            tally[chore] = tally.get(chore, 0) + 1
            if killed % 50 == 0:
                print(f"{killed} kills, {pages} pages", flush=True)
        victim.close()
        assert reader.exitcode is None, "the reader failed"
        found = chores.whole(settings)
        assert found == {name: truth[name] for name in found}, f"after {killed} kills, {chore}"
    for chore in ("ingest", "reparse", "publish", "maintain", "publish"):
        ending = chores.start(chores.do, chore, home, inbox, str(version))
        ending.join()
        assert ending.exitcode == 0, chore
    assert chores.whole(settings) == truth
    ours.send("stop")
    reads, publishes = ours.recv()
    reader.join()
    assert reader.exitcode == 0
    assert reads > 1
    done = publish(settings)
    assert not done.changed
    assert (done.counts["documents"], done.counts["metrics"]) == (len(truth), sum(truth.values()))
    print(f"{killed} kills {tally}: {len(truth)} documents whole; {reads} reads of {publishes} publishes")
    forget(settings)


def together(tmp_path: Path, processes: int, pages: int) -> None:
    """Let several ingests read the same files at once: every page is there once, and none of them fails."""
    home, inbox = tmp_path / "home", tmp_path / "inbox"
    inbox.mkdir()
    chores.fill(inbox, 0, pages)
    running = [chores.start(chores.do, "ingest", home, inbox, "1") for _ in range(processes)]
    for process in running:
        process.join()
    assert [process.exitcode for process in running] == [0] * processes
    settings = Settings(home=home)
    assert chores.whole(settings) == chores.expected(0, pages)
    forget(settings)


def test_some_kills(tmp_path: Path) -> None:
    endure(tmp_path, kills=36, seed=11, longest=0.8)


def test_three_ingests_of_the_same_files(tmp_path: Path) -> None:
    together(tmp_path, processes=3, pages=40)


@pytest.mark.soak
def test_many_kills(tmp_path: Path) -> None:
    endure(tmp_path, kills=int(os.environ.get("CHENGSHU_SOAK_KILLS", "500")), seed=20241115, longest=2.5)


@pytest.mark.soak
def test_eight_ingests_of_five_thousand_files(tmp_path: Path) -> None:
    together(tmp_path, processes=8, pages=5000)
