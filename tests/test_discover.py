"""Discovery: what is found, what is known without being read, and what each bad source is called."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import os
import subprocess
import sys
import tarfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from flows import archives
from flows.archives import Member, read_members
from flows.discover import Found, Problem, discover
from parsers.decode import decode

Write = Callable[..., Path]


def names(found: object) -> list[str]:
    return [Path(each.source_uri).name for each in found if isinstance(each, Found)]


def problems(found: object) -> list[str]:
    return [each.reason_code for each in found if isinstance(each, Problem)]


def members(path: Path) -> list[Member | Problem]:
    (found,) = discover([path])
    assert isinstance(found, Found)
    assert found.archive
    return list(read_members(found))


def zst(raw: bytes) -> bytes:
    return pa.Codec("zstd").compress(raw, asbytes=True)


def test_folder_is_walked_in_order_and_each_file_given_once(write: Write, inbox: Path) -> None:
    for name in ("b.txt", "a.html", "sub/c.htm", "sub/no-suffix", ".hidden.txt", ".git/x.txt"):
        write(name)
    found = list(discover([inbox, inbox / "a.html", str(inbox / "*.txt")]))
    assert names(found) == ["a.html", "b.txt", "c.htm", "no-suffix"]


def test_companions_of_pages_are_passed_over_in_folders_but_read_when_named(write: Write, inbox: Path) -> None:
    write("a.txt")
    style = write("a.css", "body {}")
    tally: dict[str, int] = {}
    assert names(discover([inbox], tally=tally)) == ["a.txt"]
    assert tally == {"seen": 1, "known": 0, "passed_over": 1}
    assert names(discover([style])) == ["a.css"]


def test_known_files_are_counted_and_not_given(write: Write, inbox: Path) -> None:
    for name in ("a.txt", "b.txt"):
        write(name)
    known = {f.source_uri: (f.size, f.mtime_ns) for f in discover([inbox]) if isinstance(f, Found)}
    tally: dict[str, int] = {}
    assert list(discover([inbox], known, tally=tally)) == []
    assert tally == {"seen": 2, "known": 2, "passed_over": 0}
    write("b.txt", "changed")
    assert names(discover([inbox], known)) == ["b.txt"]


def test_globs(write: Write, inbox: Path) -> None:
    for name in ("a.txt", "b.html", "sub/c.txt", "sub/d.html"):
        write(name)
    assert names(discover([str(inbox / "*.txt")])) == ["a.txt"]
    assert names(discover([str(inbox / "**" / "*.html")])) == ["b.html", "d.html"]
    assert names(discover([str(inbox / "s*")])) == ["c.txt", "d.html"]
    assert problems(discover([str(inbox / "*.none")])) == ["no_match"]


def test_a_name_with_brackets_is_a_file_before_it_is_a_glob(write: Write) -> None:
    path = write("快讯[1].txt")
    assert names(discover([path])) == ["快讯[1].txt"]


def test_each_bad_source_has_one_clear_line(inbox: Path) -> None:
    (inbox / "empty").mkdir()
    (inbox / "page.html").mkdir()
    os.mkfifo(inbox / "pipe")
    sources = [inbox / "missing.txt", inbox / "empty", inbox / "page.html", inbox / "pipe", "bad\0name"]
    found = list(discover(sources))
    assert problems(found) == ["missing", "empty_directory", "is_directory", "not_a_file", "unreadable"]
    for problem in found:
        assert isinstance(problem, Problem)
        assert problem.reason
        assert "\n" not in problem.reason


def test_links_to_folders_make_no_cycle(write: Write, inbox: Path) -> None:
    write("sub/a.txt")
    (inbox / "sub" / "up").symlink_to(inbox, target_is_directory=True)
    (inbox / "dangling.txt").symlink_to(inbox / "gone.txt")
    found = list(discover([inbox]))
    assert names(found) == ["a.txt"]
    assert problems(found) == ["unreadable"]


def test_names_that_are_no_unicode(inbox: Path) -> None:
    raw = os.fsencode(inbox) + b"/\xd0\xc2\xce\xc5.txt"
    Path(os.fsdecode(raw)).write_bytes(b"x")
    (found,) = discover([inbox])
    assert isinstance(found, Found)
    found.source_uri.encode("utf-8")
    assert Path(found.path).read_bytes() == b"x"


def test_the_warehouse_itself_is_never_read(write: Write, inbox: Path) -> None:
    write("a.txt")
    write("data/lake/part.txt")
    assert names(discover([inbox], skip={str(inbox / "data")})) == ["a.txt"]


def test_zip_members(inbox: Path) -> None:
    path = inbox / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("一/甲.txt", "甲")
        archive.writestr("__MACOSX/._x.txt", "junk")
        archive.writestr("../evil.txt", "x")
        archive.writestr("/abs.txt", "x")
        archive.writestr("long/" + "x" * 2000, "x")
        archive.writestr("inner.jsonl", '{"text": "乙"}\n')
        archive.writestr("inner.zip", "PK")
    found = members(path)
    assert [(m.source_uri, m.raw.decode()) for m in found if isinstance(m, Member)] == [
        (f"{path}!/一/甲.txt", "甲"),
        (f"{path}!/inner.jsonl!/1", "乙"),
    ]
    assert problems(found) == ["unsafe_name", "unsafe_name", "unsafe_name", "nested_archive"]


def test_zip_names_in_gbk(inbox: Path) -> None:
    path = inbox / "gbk.zip"
    with zipfile.ZipFile(path, "w") as archive:
        info = zipfile.ZipInfo("xxxx.txt")
        archive.writestr(info, "x")
    path.write_bytes(path.read_bytes().replace(b"xxxx.txt", "新闻.txt".encode("gb18030")))
    (member,) = members(path)
    assert isinstance(member, Member)
    assert member.name == "新闻.txt"


def test_bombs_are_refused_unread(inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = inbox / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros.txt", b"0" * (8 << 20))
        archive.writestr("fine.txt", b"fine")
    found = members(path)
    assert problems(found) == ["bomb"]
    assert [m.name for m in found if isinstance(m, Member)] == ["fine.txt"]
    squeezed = inbox / "bomb.txt.gz"
    squeezed.write_bytes(gzip.compress(b"0" * (8 << 20)))
    assert problems(members(squeezed)) == ["bomb"]
    monkeypatch.setattr(archives, "MAX_MEMBER_BYTES", 10)
    plain = inbox / "big.tar"
    with tarfile.open(plain, "w") as archive:
        archive.addfile(_info("big.txt", 11), io.BytesIO(b"x" * 11))
    assert problems(members(plain)) == ["too_large"]


def _info(name: str, size: int) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size = size
    return info


@pytest.mark.parametrize("name", ["a.tar.zst", "a.tzst"])
def test_tar_members_in_zst(inbox: Path, name: str) -> None:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for member in ("甲.txt", "乙.txt"):
            archive.addfile(_info(member, len(member.encode())), io.BytesIO(member.encode()))
    path = inbox / name
    path.write_bytes(zst(made.getvalue()))
    assert texts(members(path)) == ["甲.txt", "乙.txt"]
    path.write_bytes(zst(made.getvalue())[:-9])
    assert problems(members(path)) == ["broken_archive"]


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
def test_tar_members(inbox: Path, mode: str) -> None:
    path = inbox / ("a.tar" + mode[1:].replace(":", "."))
    with tarfile.open(path, mode) as archive:
        for name in ("甲.txt", "sub/乙.txt", "../evil.txt"):
            archive.addfile(_info(name, len(name.encode())), io.BytesIO(name.encode()))
        link = tarfile.TarInfo("link.txt")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    found = members(path)
    assert [m.raw.decode() for m in found if isinstance(m, Member)] == ["甲.txt", "sub/乙.txt"]
    assert problems(found) == ["unsafe_name"]


@pytest.mark.parametrize(
    ("suffix", "pack"),
    [(".gz", gzip.compress), (".bz2", bz2.compress), (".xz", lzma.compress), (".zst", zst)],
)
def test_one_compressed_page(inbox: Path, suffix: str, pack: Callable[[bytes], bytes]) -> None:
    path = inbox / f"A.html{suffix}"
    path.write_bytes(pack("页面".encode()))
    (member,) = members(path)
    assert isinstance(member, Member)
    assert (member.name, member.raw.decode()) == ("A.html", "页面")


@pytest.mark.parametrize("suffix", ["", ".gz", ".bz2", ".xz", ".zst"])
def test_json_lines(inbox: Path, suffix: str) -> None:
    path = inbox / f"crawl.jsonl{suffix}"
    url = f"{SITE}/1.html"
    records: list[object] = [
        {"url": url, "html": "<p>甲</p>", "fetched_at": "2024-11-15T09:21:29Z"},
        {"text": "乙"},
        {"html": "", "text": "丙", "fetched_at": 1731662489, "url": 7},
        {"text": "\ud800", "fetched_at": "yesterday"},  # half a character, as some crawlers write
        {"url": f"{SITE}/3.html"},
        {"html": 5},
        ["text"],
        "text",
        None,
    ]
    lines = [json.dumps(each) for each in records]
    raw = "\r\n".join(["\ufeff" + lines[0], *lines[1:], "", "{broken", "[" * 100_000, '{"text": "丁"}']).encode()
    pack: dict[str, Callable[[bytes], bytes]] = {
        "": bytes, ".gz": gzip.compress, ".bz2": bz2.compress, ".xz": lzma.compress, ".zst": zst,
    }  # fmt: skip
    path.write_bytes(pack[suffix](raw + b'\n{"text": "\xff"}\n'))
    found = members(path)
    pages = [each for each in found if isinstance(each, Member)]
    assert [each.raw.decode() for each in pages] == ["<p>甲</p>", "乙", "丙", "?", "丁"]
    assert [each.name for each in pages] == [url, "2.txt", "3.txt", "4.txt", "13.txt"]
    assert [str(each.fetched_at) for each in pages[:3]] == ["2024-11-15 17:21:29", "None", "2024-11-15 17:21:29"]
    assert pages[0].url == url
    assert problems(found) == ["no_page"] * 5 + ["bad_json"] * 3


def test_a_line_without_end_is_refused(inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_MEMBER_BYTES", 100)
    path = inbox / "crawl.ndjson"
    path.write_text('{"text": "甲"}\n{"text": "' + "x" * 1000, encoding="utf-8")
    found = members(path)
    assert texts(found) == ["甲"]
    assert problems(found) == ["too_large"]


def test_zips_of_every_kind(inbox: Path) -> None:
    """The directory is read by ourselves: behind another program, with 64-bit sizes, with 70,000 members, damaged."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        for number in range(70_000):
            archive.writestr(zipfile.ZipInfo(f"{number}.txt"), "x")
        with archive.open(zipfile.ZipInfo("large.txt"), "w", force_zip64=True) as file:
            file.write(b"y" * 100)
    path = inbox / "a.zip"
    path.write_bytes(b"#!/bin/sh\n" + whole.getvalue())
    found = members(path)
    assert (len(found), len(texts(found)), texts(found)[-1]) == (70_001, 70_001, "y" * 100)
    for damaged in (whole.getvalue()[:-40], whole.getvalue()[1000:], b"PK"):
        path.write_bytes(damaged)
        assert problems(members(path)) == ["broken_archive"]


def test_broken_archives(inbox: Path) -> None:
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w:gz") as archive:
        data = os.urandom(200_000)
        archive.addfile(_info("a.txt", len(data)), io.BytesIO(data))
    for name, content in {
        "cut.tar.gz": whole.getvalue()[:50_000],
        "no.zip": b"PK\x03\x04 not a zip",
        "no.gz": b"not gzip",
        "no.tar": b"x" * 2000,
    }.items():
        path = inbox / name
        path.write_bytes(content)
        assert problems(members(path)) == ["broken_archive"], name


def record(url: str, http: bytes, body: bytes, kind: str = "response") -> bytes:
    """One record of a web archive."""
    block = http + b"\r\n\r\n" + body
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000001>\r\n"
        f"WARC-Date: 2024-11-15T09:21:29Z\r\nWARC-Target-URI: {url}\r\n"
        f"Content-Type: application/http; msgtype={kind}\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def html(url: str, body: bytes, more: str = "", status: str = "200 OK", kind: str = "text/html") -> bytes:
    return record(url, f"HTTP/1.1 {status}\r\nContent-Type: {kind}{more}".encode(), body)


SITE = "http://www.example.com"
RECORDS = [
    html(f"{SITE}/utf8.html", "<p>页面</p>".encode()),
    html(f"{SITE}/big5.html", "<p>臺北市統計</p>".encode("big5"), "; charset=Big5"),
    html(f"{SITE}/gbk.html", "<p>芜湖</p>".encode("gbk"), "; charset=GBK"),
    html(f"{SITE}/packed.html", gzip.compress("<p>压缩</p>".encode()), "\r\nContent-Encoding: gzip"),
    html(f"{SITE}/pieces.html", b"6\r\n" + "甲乙".encode() + b"\r\n0\r\n\r\n", "\r\nTransfer-Encoding: chunked"),
    html(f"{SITE}/gone.html", b"<p>404</p>", status="404 Not Found"),
    html(f"{SITE}/moved.html", b"", status="301 Moved Permanently"),
    html(f"{SITE}/a.png", b"\x89PNG", kind="image/png"),
    record(f"{SITE}/asked.html", b"GET / HTTP/1.1", b"", "request"),
]
PAGES = ["<p>页面</p>", "<p>臺北市統計</p>", "<p>芜湖</p>", "<p>压缩</p>", "甲乙"]


def texts(found: object) -> list[str]:
    return [decode(each.raw).text for each in found if isinstance(each, Member)]


@pytest.mark.parametrize("suffix", ["", ".gz", ".zst"])
def test_warc(inbox: Path, suffix: str) -> None:
    path = inbox / f"a.warc{suffix}"
    pack = {"": bytes, ".gz": gzip.compress, ".zst": zst}[suffix]
    path.write_bytes(b"".join(pack(each) for each in RECORDS))  # each record packed by itself, as crawlers do
    found = members(path)
    assert texts(found) == PAGES
    first = found[0]
    assert isinstance(first, Member)
    assert (first.name, first.url, str(first.fetched_at)) == (
        f"{SITE}/utf8.html",
        f"{SITE}/utf8.html",
        "2024-11-15 17:21:29",
    )
    path.write_bytes(b"".join(pack(each) for each in RECORDS[:3])[:-20])
    cut = members(path)
    assert texts(cut) == PAGES[:2]
    assert problems(cut)


def test_wacz_is_read_once(inbox: Path) -> None:
    path = inbox / "crawl.wacz"
    pages = '{"format": "json-pages-1.0"}\n{"url": "http://www.example.com/", "text": "页面的文字，只是副本"}\n'
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in {
            "archive/data-0.warc.gz": b"".join(gzip.compress(each) for each in RECORDS),
            "archive/data-1.warc": RECORDS[0].replace(b"utf8.html", b"more.html"),
            "indexes/index.cdx.gz": gzip.compress(b"com,example)/ 20241115092129 {}"),
            "pages/pages.jsonl": pages.encode(),
            "pages/extraPages.jsonl": pages.encode(),
            "datapackage.json": b"{}",
            "logs/crawl.log": b"done",
        }.items():
            archive.writestr(name, content, zipfile.ZIP_STORED)
    found = members(path)
    assert texts(found) == [*PAGES, PAGES[0]]
    assert not problems(found)
    assert found[-1].source_uri == f"{path}!/archive/data-1.warc!/1"


def test_what_is_missing_is_named(inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = inbox / "a.warc.gz"
    path.write_bytes(gzip.compress(RECORDS[0]))
    monkeypatch.setitem(sys.modules, "fastwarc.warc", None)
    (problem,) = members(path)
    assert isinstance(problem, Problem)
    assert "pip install 'chengshu[archives]'" in problem.reason


READ = """
import re, sys
from flows.archives import Member, read_members
from flows.discover import discover
(found,) = discover([sys.argv[1]])
given = [len(each.raw) for each in read_members(found) if isinstance(each, Member)]
peak = re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status", encoding="ascii").read())
print(len(given), sum(given), int(peak[1]) >> 10)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the system does not tell the peak of memory")
@pytest.mark.parametrize("suffix", [".zip", ".tar.gz", ".jsonl.zst", ".warc.gz"])
def test_a_large_archive_needs_no_more_memory_than_a_small_one(inbox: Path, suffix: str) -> None:
    """60 times the pages, and for the zip many small members besides: a reader must not hold its directory."""
    peaks = []
    for number in (40, 2400):
        path = inbox / f"{number}{suffix}"
        bulk(path, suffix, number, b"<p>%s</p>" % os.urandom(20_000).hex().encode())
        command = [sys.executable, "-c", READ, str(path)]
        root = str(Path(__file__).resolve().parent.parent)
        printed = subprocess.run(command, check=True, capture_output=True, text=True, cwd=root).stdout
        pages, size, peak = map(int, printed.split())
        assert (pages, size) == (number * (11 if suffix == ".zip" else 1), number * (40_007 + 10 * (suffix == ".zip")))
        peaks.append(peak)
    assert peaks[1] - peaks[0] < 8, peaks


def bulk(path: Path, suffix: str, number: int, raw: bytes) -> None:
    """Write so many pages into an archive."""
    if suffix == ".zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for at in range(number):
                archive.writestr(f"{at}.html", raw)
                for small in range(10):
                    archive.writestr(f"{at}-{small}.txt", "x")
    elif suffix == ".tar.gz":
        with tarfile.open(path, "w:gz", compresslevel=1) as archive:
            for at in range(number):
                archive.addfile(_info(f"{at}.html", len(raw)), io.BytesIO(raw))
    elif suffix == ".jsonl.zst":
        line = json.dumps({"url": f"{SITE}/x.html", "html": raw.decode()}).encode() + b"\n"
        path.write_bytes(b"".join(zst(line) for _ in range(number)))
    else:
        packed = gzip.compress(html(f"{SITE}/x.html", raw), 1)
        path.write_bytes(packed * number)


def test_nothing_new_costs_little_more_than_a_walk(inbox: Path) -> None:
    for folder in range(10):
        (inbox / str(folder)).mkdir()
        for number in range(1000):
            (inbox / str(folder) / f"{number}.txt").touch()
    known = {f.source_uri: (f.size, f.mtime_ns) for f in discover([inbox]) if isinstance(f, Found)}

    def walk() -> float:
        start = time.perf_counter()
        for _, _, files in os.walk(inbox):
            assert files is not None
        return time.perf_counter() - start

    def again() -> float:
        start = time.perf_counter()
        assert list(discover([inbox], known)) == []
        return time.perf_counter() - start

    assert min(again() for _ in range(3)) < 20 * min(walk() for _ in range(3)) + 0.05
