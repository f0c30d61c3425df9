"""Find the raw files to read without reading any: folders, globs, single files, archives, addresses such as ``s3://…``.

A source that cannot be used is a ``Problem`` with one clear line, never an exception. Files are told apart by path, size and
modification time alone, so that a run with nothing new opens none of them.
"""

from __future__ import annotations

import fnmatch
import glob
import os
import stat
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from flows.remote import Entry, NotReachable, Store, is_url, store_of, words

__all__ = ["ARCHIVE_SUFFIXES", "Found", "Problem", "discover", "uri_of"]

ARCHIVE_SUFFIXES = (
    ".zip", ".tar", ".tgz", ".tzst", ".gz", ".bz2", ".xz", ".zst", ".jsonl", ".ndjson", ".warc", ".wacz",
)  # fmt: skip
"""Names of files that hold many pages (or one compressed one): ``flows.archives`` opens them as streams."""

COMPANION_SUFFIXES = frozenset(
    ".css .js .mjs .map .json .md .rst .py .sh .yml .yaml .toml .csv .tsv .xlsx .xls .log .lock .ico .svg .woff .woff2 "
    ".ttf .eot .otf .mp3 .mp4 .m3u8 .part .tmp .crdownload".split()
)
"""What lies beside saved pages and is none: passed over inside a folder (and counted), read when named by the caller."""

PAGE_SUFFIXES = (".txt", ".text", ".html", ".htm", ".shtml", ".xhtml")
GLOB_CHARACTERS = frozenset("*?[")


@dataclass(frozen=True, slots=True)
class Found:
    """A file that may hold a page (or, if ``archive``, many), by its place, size and modification time.

    ``path`` is what opens it: a path of this machine, or an address.
    """

    source_uri: str
    path: str
    size: int
    mtime_ns: int
    archive: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """A source that gives no page, and why: ``reason_code`` for machines, ``reason`` as one line for people."""

    source_uri: str
    reason_code: str
    reason: str


def uri_of(path: str) -> str:
    """Name a file the same from any working folder, in valid Unicode even if its name is none.

    >>> uri_of("/data/a.txt")
    '/data/a.txt'
    """
    return os.fsencode(os.path.abspath(path)).decode("utf-8", "backslashreplace")


def discover(
    sources: Iterable[str | os.PathLike[str]],
    known: Mapping[str, tuple[int, int]] | None = None,
    *,
    skip: Container[str] = (),
    tally: dict[str, int] | None = None,
) -> Iterator[Found | Problem]:
    """Walk the sources in sorted order and give every file that is not ``known`` by (size, mtime_ns), each once.

    ``skip`` names folders never entered (absolute paths: the warehouse itself). ``tally`` counts ``seen``, ``known``
    and ``passed_over`` as the walk goes on.

    >>> [type(x).__name__ for x in discover(["/no/such/file"])]
    ['Problem']
    """
    walk = _Walk(known or {}, skip, tally if tally is not None else {})
    for source in sources:
        yield from walk.source(os.fspath(source))


class _Walk:
    """One walk over many sources: what is known, what was already given, what was counted."""

    def __init__(self, known: Mapping[str, tuple[int, int]], skip: Container[str], tally: dict[str, int]) -> None:
        self.known = known
        self.skip = skip
        self.tally = tally
        self.given: set[str] = set()
        self.walked: set[str] = set()
        for key in ("seen", "known", "passed_over"):
            tally.setdefault(key, 0)

    def source(self, source: str) -> Iterator[Found | Problem]:
        if source.startswith("file://"):
            source = source.removeprefix("file://")
        elif is_url(source):
            yield from self._address(source)
            return
        path = os.path.abspath(os.path.expanduser(source))
        try:
            status = os.stat(path)
        except FileNotFoundError:
            yield from self._pattern(source)
            return
        except (OSError, ValueError) as error:
            yield Problem(uri_of(path.replace("\0", "")), "unreadable", f"无法访问：{_words(error)}")
            return
        yield from self._given(path, status)

    def _pattern(self, source: str) -> Iterator[Found | Problem]:
        if not GLOB_CHARACTERS & set(source):
            yield Problem(uri_of(source), "missing", "路径不存在")
            return
        matches = sorted(glob.glob(os.path.expanduser(source), recursive=True))
        if not matches:
            yield Problem(uri_of(source), "no_match", "没有文件符合这个通配符")
        for match in matches:
            path = os.path.abspath(match)
            try:
                status = os.stat(path)
            except OSError as error:
                yield Problem(uri_of(path), "unreadable", f"无法访问：{_words(error)}")
                continue
            if not stat.S_ISDIR(status.st_mode) or "**" not in source:  # ** names the files inside already
                yield from self._given(path, status)

    def _given(self, path: str, status: os.stat_result) -> Iterator[Found | Problem]:
        """Take what the caller named: a folder is walked, a file is taken whatever its name."""
        if stat.S_ISDIR(status.st_mode):
            before = self.tally["seen"]
            yield from self._folder(path)
            if self.tally["seen"] == before:
                if path.lower().endswith(PAGE_SUFFIXES):
                    yield Problem(uri_of(path), "is_directory", "这是一个目录，不是文件（其中也没有文件）")
                else:
                    yield Problem(uri_of(path), "empty_directory", "目录里没有可读的文件")
        elif stat.S_ISREG(status.st_mode):
            if os.path.dirname(path) not in self.walked or _suffix(path) in COMPANION_SUFFIXES:
                yield from self._file(path, status)
        else:
            yield Problem(uri_of(path), "not_a_file", "不是普通文件（设备、管道或套接字）")

    def _folder(self, folder: str) -> Iterator[Found | Problem]:
        """Walk a folder; written for speed, as a run with nothing new spends its time here."""
        if folder in self.walked:
            return
        self.walked.add(folder)
        known, given = self.known.get, self.given
        same = 0
        others: list[os.DirEntry[str]] = []
        try:
            with os.scandir(folder) as scan:
                for entry in scan:
                    mark = known(entry.path)
                    if mark is not None:
                        try:
                            status = entry.stat()
                        except OSError:
                            others.append(entry)
                            continue
                        if mark[1] == status.st_mtime_ns and mark[0] == status.st_size:
                            same += 1
                            if given and entry.path in given:  # named by the caller before: counted already
                                same -= 1
                            continue
                    others.append(entry)
        except OSError as error:
            yield Problem(uri_of(folder), "unreadable", f"无法读取目录：{_words(error)}")
            return
        self.tally["seen"] += same
        self.tally["known"] += same
        others.sort(key=_by_name)
        folders: list[str] = []
        for entry in others:
            if entry.name[0] == ".":
                continue
            try:
                if entry.is_dir(follow_symlinks=False):
                    if entry.path not in self.skip:
                        folders.append(entry.path)
                    continue
                status = entry.stat()
            except OSError as error:
                yield Problem(uri_of(entry.path), "unreadable", f"无法访问：{_words(error)}")
                continue
            if not stat.S_ISREG(status.st_mode):
                continue  # a pipe, a device, or a link to a folder: nothing to read, and no cycles
            if _suffix(entry.name) in COMPANION_SUFFIXES:
                self.tally["passed_over"] += 1
                continue
            yield from self._file(entry.path, status)
        for inner in folders:
            yield from self._folder(inner)

    def _file(self, path: str, status: os.stat_result) -> Iterator[Found]:
        uri = uri_of(path)
        if uri in self.given:
            return
        self.given.add(uri)
        self.tally["seen"] += 1
        if self.known.get(uri) == (status.st_size, status.st_mtime_ns):
            self.tally["known"] += 1
            return
        yield Found(uri, path, status.st_size, status.st_mtime_ns, path.lower().endswith(ARCHIVE_SUFFIXES))

    def _address(self, url: str) -> Iterator[Found | Problem]:
        """Take an address: an object whatever its name, a folder walked, or a pattern."""
        before = self.tally["seen"]
        try:
            store = store_of(url)
            found = store.info(url)
        except NotReachable as error:
            yield Problem(url, error.code, error.reason)
            return
        except (OSError, ValueError) as error:
            yield Problem(url, "unreadable", f"无法访问：{words(error)}")
            return
        if found is not None and not found.folder:
            yield from self._object(found)
        elif found is not None:
            yield from self._prefix(store, found.url, None)
            if self.tally["seen"] == before:
                yield Problem(url, "empty_directory", "这个地址下没有可读的文件")
        elif GLOB_CHARACTERS & set(url):
            pattern = store.name(url).split("/")
            fixed = next(at for at, part in enumerate(pattern) if GLOB_CHARACTERS & set(part))
            if fixed < 3:
                yield Problem(url, "no_match", "桶名或主机名里不能用通配符")
                return
            yield from self._prefix(store, "/".join(pattern[:fixed]), pattern)
            if self.tally["seen"] == before:
                yield Problem(url, "no_match", "没有文件符合这个通配符")
        else:
            yield Problem(url, "missing", "地址不存在")

    def _prefix(self, store: Store, url: str, pattern: Sequence[str] | None) -> Iterator[Found | Problem]:
        """Walk a folder of objects, one listing at a time; with a pattern only what fits it is given."""
        try:
            entries = sorted(store.list(url))
        except (OSError, ValueError) as error:
            yield Problem(url, "unreadable", f"无法读取目录：{words(error)}")
            return
        folders: list[tuple[str, Sequence[str] | None]] = []
        for entry in entries:
            parts = entry.url.split("/")
            if parts[-1].startswith("."):
                continue
            if entry.folder:
                if pattern is None or ("**" not in pattern and fits(parts, pattern)):
                    folders.append((entry.url, None))
                elif fits(parts, pattern, begun=True):
                    folders.append((entry.url, pattern))
            elif pattern is None and _suffix(parts[-1]) in COMPANION_SUFFIXES:
                self.tally["passed_over"] += 1
            elif pattern is None or fits(parts, pattern):
                yield from self._object(entry)
        for inner, rest in folders:
            yield from self._prefix(store, inner, rest)

    def _object(self, entry: Entry) -> Iterator[Found]:
        if entry.url in self.given:
            return
        self.given.add(entry.url)
        self.tally["seen"] += 1
        if self.known.get(entry.url) == (entry.size, entry.mark):
            self.tally["known"] += 1
            return
        yield Found(entry.url, entry.url, entry.size, entry.mark, entry.url.lower().endswith(ARCHIVE_SUFFIXES))


def fits(name: Sequence[str], pattern: Sequence[str], *, begun: bool = False) -> bool:
    """Whether a path cut at its slashes is what a pattern asks for (``begun``: or a folder above such paths).

    >>> fits("b/2024/01/x.html".split("/"), "b/20*/**/*.html".split("/"))
    True
    >>> fits(["b", "2024"], ["b", "*.html"]), fits(["b", "2024"], ["b", "*", "*.html"], begun=True)
    (False, True)
    """
    if not name:
        return begun or all(part == "**" for part in pattern)
    if not pattern:
        return False
    if pattern[0] == "**":
        return fits(name, pattern[1:], begun=begun) or fits(name[1:], pattern, begun=begun)
    return fnmatch.fnmatchcase(name[0], pattern[0]) and fits(name[1:], pattern[1:], begun=begun)


def _by_name(entry: os.DirEntry[str]) -> str:
    return entry.name


def _suffix(name: str) -> str:
    """The last suffix in lower case.

    >>> _suffix("Style.CSS"), _suffix("page")
    ('.css', '')
    """
    at = name.rfind(".")
    return name[at:].lower() if at > 0 else ""


def _words(error: Exception) -> str:
    """Say an operating system's error in words."""
    if isinstance(error, PermissionError):
        return "没有权限"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error)
