"""Which parser this is: the version of its rules, and whether the modules that read figures were compiled from these very rules.

``setup.py`` makes extension modules of them, which read twice as fast. They are used only while they are of the sources beside
them: after any change of these the sources themselves are read again, until the parser is compiled anew. CHENGSHU_PLAIN in the
environment keeps to the sources; the values are the same.
"""

from __future__ import annotations

import hashlib
import os
import sys
from importlib.machinery import EXTENSION_SUFFIXES, SOURCE_SUFFIXES, FileFinder, SourceFileLoader
from pathlib import Path

__all__ = ["IS_COMPILED", "PARSER_VERSION", "digest"]

_FOLDER = Path(__file__).parent


def digest(folder: Path) -> str:
    """A digest of the rules and of the knowledge: of every source and table below the folder, whatever its line ends.

    >>> len(digest(Path(__file__).parent))
    8
    """
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*"), key=lambda each: each.relative_to(folder).as_posix()):
        if path.suffix in {".py", ".csv", ".yaml"} and path.is_file():
            content = path.read_bytes().replace(b"\r\n", b"\n")
            total.update(f"{path.relative_to(folder).as_posix()}:{len(content)}:".encode())
            total.update(content)
    return total.hexdigest()[:8]


_DIGEST = digest(_FOLDER)

PARSER_VERSION = f"0.1.0+{_DIGEST}"
"""Another one whenever any value may come out differently, as no one remembers to raise it by hand: what an older parser read
is then read again, by the next ingest where the file is still there, by ``chengshu reparse`` from the kept original."""

_COMPILED = _FOLDER / f"rules_{_DIGEST}__mypyc{EXTENSION_SUFFIXES[0]}"
IS_COMPILED = _COMPILED.is_file() and not os.environ.get("CHENGSHU_PLAIN")
"""Whether the modules that read figures are extensions that were compiled from these sources."""

if not IS_COMPILED:  # what may lie there compiled is not asked for, or of other sources
    sys.path_importer_cache[str(_FOLDER)] = FileFinder(str(_FOLDER), (SourceFileLoader, SOURCE_SUFFIXES))
