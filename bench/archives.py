"""Whether a large archive needs more memory than a small one: the same pages as zip, tar.gz, warc.gz and jsonl.zst, small and large.

    nice python -m bench.archives [1024] [--small 1] [--executor processes] [--kinds zip,tar.gz,warc.gz,jsonl.zst]

Pages carry pictures as text, as many do, so that an archive of a GiB (that is its size on disk) has some 12,000 of them and not
a million. Each archive is ingested into a warehouse of its own; the peaks are those of the process that ingests and of its largest worker.
"""

from __future__ import annotations

import argparse
import base64
import gzip
import io
import json
import random
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa

from bench.ingest import ingest_all, page, sentences, watch

PICTURE_BYTES = 60_000
MEBIBYTE = 1 << 20
KINDS = ("zip", "tar.gz", "warc.gz", "jsonl.zst")


def pages() -> Iterator[str]:
    """Pages without end, each with a picture of its own in it."""
    pool = sentences()
    number = 0
    while True:
        picture = base64.b64encode(random.Random(number).randbytes(PICTURE_BYTES)).decode()
        lines = "".join(f"<p>{line}</p>" for line in page(number, pool).splitlines() if line.strip())
        yield f'<html><head><meta charset="utf-8"></head><body>{lines}<img src="data:image/png;base64,{picture}"></body></html>'
        number += 1


def write(path: Path, size: int) -> int:
    """Fill an archive up to a size; returns how many pages it took."""
    writers: dict[str, Callable[[Path, int], int]] = {
        "zip": _zip, "tar.gz": _tar, "warc.gz": _warc, "jsonl.zst": _json_lines,
    }  # fmt: skip
    return writers[path.name.split(".", 1)[1]](path, size)


def _zip(path: Path, size: int) -> int:
    with path.open("wb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for number, each in enumerate(pages()):
            if file.tell() >= size:
                return number
            archive.writestr(f"{number}.html", each)
    return 0


def _tar(path: Path, size: int) -> int:
    with path.open("wb") as file, tarfile.open(fileobj=file, mode="w:gz", compresslevel=1) as archive:
        for number, each in enumerate(pages()):
            if file.tell() >= size:
                return number
            raw = each.encode()
            info = tarfile.TarInfo(f"{number}.html")
            info.size = len(raw)
            archive.addfile(info, io.BytesIO(raw))
    return 0


def _warc(path: Path, size: int) -> int:
    with path.open("wb") as file:
        for number, each in enumerate(pages()):
            if file.tell() >= size:
                return number
            block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + each.encode()
            head = (
                f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-{number:012d}>\r\n"
                f"WARC-Date: 2024-11-15T09:21:29Z\r\nWARC-Target-URI: http://www.example.com/{number}.html\r\n"
                f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n"
            )
            file.write(gzip.compress(head.encode() + block + b"\r\n\r\n", 1))
    return 0


def _json_lines(path: Path, size: int) -> int:
    with path.open("wb") as file, pa.CompressedOutputStream(file, "zstd") as packed:
        for number, each in enumerate(pages()):
            if file.tell() >= size:
                return number
            line = {"url": f"http://www.example.com/{number}.html", "html": each, "fetched_at": "2024-11-15T09:21:29Z"}
            packed.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
    return 0


def main() -> None:
    """Measure and print."""
    asks = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asks.add_argument("large", type=int, nargs="?", default=1024, help="MiB")
    asks.add_argument("--small", type=int, default=1, help="MiB")
    asks.add_argument("--executor", default="processes")
    asks.add_argument("--kinds", default=",".join(KINDS))
    given = asks.parse_args()
    for kind in given.kinds.split(","):
        for size in (given.small, given.large):
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "in" / f"pages.{kind}"
                path.parent.mkdir()
                count = write(path, size * MEBIBYTE)
                done = watch(ingest_all, Path(folder) / "home", path.parent, given.executor)
                assert done.documents == count, (done.documents, count)
                own, worker = (max(each[at] for each in done.memory) / 1024 for at in (1, 2))
                print(
                    f"{kind:9} {size:5} MiB, {count:6,} pages: ingest process {own:.0f} MiB, largest worker {worker:.0f} MiB, {done.seconds:.0f} s",
                    flush=True,
                )


if __name__ == "__main__":
    main()
