"""Discovery: what is found, what is known without being read, and what each bad source is called."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import os
import tarfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from flows import archives
from flows.archives import Member, read_members
from flows.discover import Found, Problem, discover

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


@pytest.mark.parametrize(("suffix", "pack"), [(".gz", gzip.compress), (".bz2", bz2.compress), (".xz", lzma.compress)])
def test_one_compressed_page(inbox: Path, suffix: str, pack: Callable[[bytes], bytes]) -> None:
    path = inbox / f"a.html{suffix}"
    path.write_bytes(pack("页面".encode()))
    (member,) = members(path)
    assert isinstance(member, Member)
    assert (member.name, member.raw.decode()) == ("a.html", "页面")


def test_json_lines(inbox: Path) -> None:
    path = inbox / "crawl.jsonl"
    records = [
        {"url": "http://www.example.com/1.html", "html": "<p>甲</p>", "fetched_at": "2024-11-15T09:21:29Z"},
        {"text": "乙"},
        {"url": "http://www.example.com/3.html"},
    ]
    path.write_text("\n".join([json.dumps(r, ensure_ascii=False) for r in records] + ["", "{broken"]), encoding="utf-8")
    found = members(path)
    first, second = (m for m in found if isinstance(m, Member))
    assert (first.name, first.url, str(first.fetched_at)) == (
        records[0]["url"],
        records[0]["url"],
        "2024-11-15 17:21:29",
    )
    assert second.raw.decode() == "乙"
    assert problems(found) == ["no_page", "bad_json"]


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


def test_warc(inbox: Path) -> None:
    body = "<html><p>页面</p></html>".encode()
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    record = (
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000001>\r\n"
        b"WARC-Date: 2024-11-15T09:21:29Z\r\nWARC-Target-URI: http://www.example.com/a.html\r\n"
        b"Content-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n" % len(http)
    )
    path = inbox / "a.warc.gz"
    path.write_bytes(gzip.compress(record + http + b"\r\n\r\n"))
    (member,) = members(path)
    assert isinstance(member, Member)
    assert (member.url, member.raw) == ("http://www.example.com/a.html", body)


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
