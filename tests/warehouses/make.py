"""Keep a small warehouse as this release writes it, for the tests of those to come: ``python -m tests.warehouses.make``.

Run it once at each release, commit the zip beside it and never write it anew: later versions must read it as it is.
"""

from __future__ import annotations

import tempfile
import zipfile
from importlib import metadata
from pathlib import Path

from flows.load import ingest
from tests.conftest import page
from warehouse.maintain import maintain
from warehouse.publish import publish
from warehouse.settings import Settings

PAGES = 12
LEFT_OUT = {".lock", ".backup", ".duckdb", ".sqlite-wal", ".sqlite-shm"}
"""What is made anew, or says nothing: locks, copies, the database of views; and below the tables that come from no page."""
LEFT_OUT_FOLDERS = {"current", "indicators", "places"}


def main() -> None:
    """Two ingests with a maintenance between, a refused file, a publish; all of it zipped."""
    with tempfile.TemporaryDirectory() as folder:
        settings, inbox = Settings(home=Path(folder) / "home"), Path(folder) / "inbox"
        inbox.mkdir()
        (inbox / "empty.txt").write_bytes(b"")
        for first, last in ((0, PAGES // 2), (PAGES // 2, PAGES)):
            for number in range(first, last):
                (inbox / f"{number}.txt").write_text(page(number), encoding="utf-8")
            ingest(settings, [inbox], executor="inline")
            if not first:
                maintain(settings)
        publish(settings)
        target = Path(__file__).with_name(f"{metadata.version('chengshu')}.zip")
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as kept:
            for path in sorted(settings.home.rglob("*")):
                if path.is_file() and path.suffix not in LEFT_OUT and LEFT_OUT_FOLDERS.isdisjoint(path.parts):
                    kept.write(path, path.relative_to(settings.home))
        print(f"{target}: {target.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
