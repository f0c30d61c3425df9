"""What goes wrong below the warehouse, in words: what happened, what to do about it, and whether it passes by itself.

Disks, catalogs, database servers and object stores fail with the messages of four programs. One table knows them, so that every
command, the doctor and the scheduler say the same about the same fault.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

__all__ = ["Fault", "WarehouseError", "fault_of", "first_line", "told"]


class WarehouseError(RuntimeError):
    """The warehouse cannot be used, in words for the person who has to mend it."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of failure: ``signs`` found in the error's text, what is ``said``, the ``remedy``; ``passes`` by itself or not."""

    signs: tuple[str, ...]
    said: str
    remedy: str
    passes: bool = False


FAULTS = (
    Fault(
        ("no space left", "disk is full", "quota exceeded"),
        "磁盘满了",
        "腾出空间再运行一次；没写完的不会留下，已提交的都在",
    ),
    Fault(("disk i/o error",), "磁盘读写出错", "看磁盘是否满了或坏了，处理后再运行一次；已提交的都在"),
    Fault(
        ("password authentication failed", "no password supplied", "fatal:  role", 'fatal:  database "'),
        "数据库服务器拒绝登录",
        "看 CHENGSHU_CATALOG 里的用户和库名；密码由 PGPASSWORD 或 ~/.pgpass 给出",
    ),
    Fault(
        (
            "unable to connect to postgres",
            "connection to server",
            "server closed the connection",
            "terminating connection",
            "ssl connection has been closed",
            "the database system is",
        ),
        "数据库服务器连不上",
        "看数据库服务器是否在运行、CHENGSHU_CATALOG 写得对不对；恢复后再运行一次，已提交的都在",
        passes=True,
    ),
    Fault(
        ("http 401", "http 403", "accessdenied", "invalidaccesskeyid", "signaturedoesnotmatch"),
        "对象存储拒绝访问",
        "看 CHENGSHU_S3_KEY、CHENGSHU_S3_SECRET 和存储桶的权限",
    ),
    Fault(
        ("http 404", "nosuchbucket", "nosuchkey"),
        "对象存储里没有要找的文件或存储桶",
        "看 CHENGSHU_DATA_PATH 写得对不对，再运行 chengshu doctor",
    ),
    Fault(
        (
            "http 429",
            "http 500",
            "http 502",
            "http 503",
            "http 504",
            "slowdown",
            "timeout was reached",
            "could not connect to server",
            "could not establish connection",
            "could not resolve host",
            "failed to read connection",
            "connection refused",
        ),
        "对象存储没有应答或出错",
        "看网络和 CHENGSHU_S3_ENDPOINT；恢复后再运行一次，已提交的都在",
        passes=True,
    ),
    Fault(
        ("read-only file system", "readonly database", "permission denied", "unable to open database file"),
        "没有权限，或磁盘只读",
        "给当前用户读写的权限，或另选一个目录",
    ),
    Fault(("malformed", "not a database"), "编目已损坏", "运行 chengshu doctor --mend，放回编目的备份"),
    Fault(
        ("does not match existing data path",),
        "CHENGSHU_DATA_PATH 与编目记下的数据位置不同",
        "照编目记下的写，或去掉这个设置",
    ),
    Fault(("cannot open file",), "缺数据文件", "运行 chengshu doctor，看缺了什么"),
    Fault(("database is locked",), "编目正被别的程序占用", "等它做完再运行一次", passes=True),
    Fault(
        ("conflict", "could not serialize", "failed to commit ducklake transaction"),
        "与别的写入相撞",
        "再运行一次",
        passes=True,
    ),
    Fault(("out of memory", "failed to allocate"), "内存不够", "把 CHENGSHU_MEMORY_LIMIT 调大一些，再运行一次"),
)


def fault_of(error: BaseException) -> Fault | None:
    """The kind of an error; None for one that says nothing about disk, catalog, server or store.

    >>> fault_of(OSError(28, "No space left on device")).said
    '磁盘满了'
    """
    if not isinstance(error, duckdb.Error | OSError):
        return None
    text = str(error).lower()
    return next((fault for fault in FAULTS if any(sign in text for sign in fault.signs)), None)


def first_line(error: BaseException) -> str:
    """What an error says, without what it adds."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def told(error: Exception) -> Exception:
    """The error in words where its kind is known, else itself, like a mistake in a query.

    >>> told(OSError(30, "Read-only file system"))
    WarehouseError('没有权限，或磁盘只读：给当前用户读写的权限，或另选一个目录（[Errno 30] Read-only file system）')
    """
    fault = None if isinstance(error, duckdb.ProgrammingError | duckdb.DataError) else fault_of(error)
    return WarehouseError(f"{fault.said}：{fault.remedy}（{first_line(error)}）") if fault else error
