"""What a run reads, piece by piece: the files found, the members of archives, the originals kept in the warehouse."""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterator
from pathlib import Path, PurePath
from typing import Any

from flows.archives import Member, read_members
from flows.discover import Found, Problem
from flows.remote import is_url
from flows.work import Item
from parsers import PARSER_VERSION
from parsers.model import Reject
from warehouse.lake import ask, known_documents
from warehouse.settings import Settings
from warehouse.tables import now

__all__ = ["Piece", "found_pieces", "from_warehouse"]

Kept = list[tuple[str, str, bytes]]
"""Originals from the warehouse: (document_id, source_uri, bytes)."""

NOT_OPENED = frozenset({"unreadable", "needs_fastwarc", "needs_fsspec", "needs_package"})
"""Problems that go away without the archive changing: it is tried again by the next run."""

Piece = Item | tuple[str, Reject] | dict[str, Any]
"""What a source gives: a page to read, a refusal, or a row for the ledger."""


def from_warehouse(
    settings: Settings,
    first: Kept,
    rest: Iterator[Kept],
    tally: dict[str, int],
) -> Iterator[Piece]:
    """The kept originals, with the ledger's rows carried over, so that the next ingest need not open their files."""
    batch: Kept | None = first
    while batch is not None:
        tally["seen"] += len(batch)
        for document_id, uri, raw in batch:
            name = uri.rsplit("!/", 1)[-1] if "!/" in uri else PurePath(uri).name
            yield Item(uri, name, len(raw), 0, raw=raw, in_ledger=False)
            yield {"source_uri": uri, "document_id": document_id, "parser_version": PARSER_VERSION, "seen_at": now()}
        yield from _ledger_of(settings, [row[0] for row in batch])
        batch = next(rest, None)


def _ledger_of(settings: Settings, document_ids: list[str]) -> Iterator[dict[str, Any]]:
    rows = ask(
        settings,
        """
        select source_uri, arg_max(size, seen_at), arg_max(mtime_ns, seen_at), arg_max(document_id, seen_at)
        from lake.files semi join asked using (document_id)
        where size is not null and mtime_ns is not null group by source_uri order by source_uri
        """,
        document_ids=document_ids,
    )
    for uri, size, mtime_ns, document_id in rows:
        yield {
            "source_uri": uri,
            "size": size,
            "mtime_ns": mtime_ns,
            "document_id": document_id,
            "parser_version": PARSER_VERSION,
            "seen_at": now(),
        }


def found_pieces(
    settings: Settings, walk: Iterator[Found | Problem], marks: Container[tuple[int, int]]
) -> Iterator[Piece]:
    """What was found as pages to read: archives opened, moved files recognised by their content.

    ``marks`` holds (size, mtime_ns) of all known files: a new path with such a mark may be an old file that was moved.
    """
    for found in walk:
        if isinstance(found, Problem):
            yield found.source_uri, Reject(None, "discover", found.reason_code, found.reason)
        elif not found.archive:
            document_id = _moved(settings, found) if found.size and (found.size, found.mtime_ns) in marks else None
            if document_id:
                yield _ledger_row(found, document_id)
            else:
                name = PurePath(found.path).name
                yield Item(found.source_uri, name, found.size, found.mtime_ns, path=found.path)
        else:
            opened = True
            for member in read_members(found):
                if isinstance(member, Problem):
                    opened = opened and member.reason_code not in NOT_OPENED
                    yield member.source_uri, Reject(None, "archive", member.reason_code, member.reason)
                else:
                    yield _item_of(member, found)
            if opened:  # behind its members: shards are written in order, so an archive is known only when all of it is
                yield _ledger_row(found, None)


def _moved(settings: Settings, found: Found) -> str | None:
    """The document that a file with an old mark holds, if its content is known indeed."""
    if is_url(found.path):  # many objects share a second and a size
        return None
    try:
        with Path(found.path).open("rb") as file:
            document_id = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None
    return document_id if known_documents(settings, PARSER_VERSION, [document_id]) else None


def _item_of(member: Member, found: Found) -> Item:
    return Item(
        member.source_uri, member.name, len(member.raw), found.mtime_ns, raw=member.raw, received_at=member.fetched_at
    )


def _ledger_row(found: Found, document_id: str | None) -> dict[str, Any]:
    return {
        "source_uri": found.source_uri,
        "size": found.size,
        "mtime_ns": found.mtime_ns,
        "document_id": document_id,
        "parser_version": PARSER_VERSION,
        "seen_at": now(),
    }
