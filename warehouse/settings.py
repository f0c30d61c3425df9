"""Where a warehouse lives and how it is reached, in one frozen object, so that no other module reads the environment.

Secrets never enter the object: the database's password comes from ``PGPASSWORD`` or ``~/.pgpass``, the object store's keys
from ``CHENGSHU_S3_KEY`` and ``CHENGSHU_S3_SECRET``, both read at the moment of connecting.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["Settings", "SettingsError"]

PACKAGE_ROOT = Path(__file__).resolve().parent.parent
"""The folder that holds ``warehouse``, ``sql`` and ``parsers`` side by side, in a checkout and in an installation alike."""


SECRET = re.compile(r"//[^/@:]*:[^/@]+@|\bpassword\s*=")


class SettingsError(ValueError):
    """A setting that cannot be, in words for the person who made it."""


def _number(environment: Mapping[str, str], name: str, default: float) -> float:
    text = environment.get(name)
    if not text:
        return default
    try:
        value = float(text)
    except ValueError:
        raise SettingsError(f"{name} 要写数字，不能是 {text!r}") from None
    if value < 0:
        raise SettingsError(f"{name} 不能是负数：{text}")
    return value


@dataclass(frozen=True, slots=True)
class Settings:
    """One warehouse: its home folder, its catalog, its data path, and how patient and how frugal it is.

    >>> Settings(home=Path("/srv/news")).catalog
    'sqlite:/srv/news/catalog.sqlite'
    >>> Settings(home=Path("/srv/news"), catalog="postgres:dbname=news", data_path="s3://bucket/lake/").is_postgres
    True
    """

    home: Path
    catalog: str = ""
    data_path: str = ""
    lock_wait_seconds: float = 600.0
    retention_days: float = 7.0
    publish_grace_hours: float = 24.0
    memory_limit: str = "512MB"
    knowledge: Path = field(default=PACKAGE_ROOT / "parsers" / "knowledge")
    s3_endpoint: str = ""
    s3_region: str = "us-east-1"

    def __post_init__(self) -> None:
        if not self.catalog:
            object.__setattr__(self, "catalog", f"sqlite:{self.home / 'catalog.sqlite'}")
        if not self.data_path:
            object.__setattr__(self, "data_path", f"{self.home / 'lake'}/")

    @classmethod
    def load(cls, home: str | Path | None = None, environment: Mapping[str, str] | None = None) -> Settings:
        """Settings of the warehouse at ``home``, else at ``CHENGSHU_HOME``, else at ``./data``; the rest from the environment.

        >>> Settings.load("/srv/news", {"CHENGSHU_CATALOG": "postgresql://db.local/news"}).catalog
        'postgres:postgresql://db.local/news'
        """
        env = os.environ if environment is None else environment
        folder = Path(home or env.get("CHENGSHU_HOME") or "data").expanduser().absolute()
        catalog = env.get("CHENGSHU_CATALOG", "")
        if catalog.startswith(("postgres://", "postgresql://")):
            catalog = f"postgres:{catalog}"
        if catalog.startswith("postgres:") and SECRET.search(catalog):
            raise SettingsError("CHENGSHU_CATALOG 里不能写密码（会被显示出来）：请用 PGPASSWORD 或 ~/.pgpass")
        if catalog and not catalog.startswith(("postgres:", "sqlite:")):
            catalog = f"sqlite:{Path(catalog).expanduser().absolute()}"
        data_path = env.get("CHENGSHU_DATA_PATH", "")
        if data_path and "://" not in data_path:
            data_path = f"{Path(data_path).expanduser().absolute()}/"
        return cls(
            home=folder,
            catalog=catalog,
            data_path=data_path,
            lock_wait_seconds=_number(env, "CHENGSHU_LOCK_WAIT_SECONDS", 600.0),
            retention_days=_number(env, "CHENGSHU_RETENTION_DAYS", 7.0),
            publish_grace_hours=_number(env, "CHENGSHU_PUBLISH_GRACE_HOURS", 24.0),
            memory_limit=env.get("CHENGSHU_MEMORY_LIMIT") or "512MB",
            s3_endpoint=env.get("CHENGSHU_S3_ENDPOINT", ""),
            s3_region=env.get("CHENGSHU_S3_REGION", "us-east-1"),
        )

    @property
    def is_postgres(self) -> bool:
        """Whether the catalog is a PostgreSQL database, where many machines may write."""
        return self.catalog.startswith("postgres:")

    @property
    def catalog_file(self) -> Path | None:
        """The catalog's file, None for a database server."""
        return Path(self.catalog.removeprefix("sqlite:")) if self.catalog.startswith("sqlite:") else None

    @property
    def is_remote(self) -> bool:
        """Whether the data files live in an object store."""
        return "://" in self.data_path

    @property
    def publish_path(self) -> Path:
        """The folder of numbered publishes, with ``current`` pointing at the newest."""
        return self.home / "publish"

    @property
    def database(self) -> Path:
        """The DuckDB file of views and macros that analysts open."""
        return self.home / "chengshu.duckdb"

    @property
    def exports_path(self) -> Path:
        """The folder of xlsx, CSV and datapackage.json."""
        return self.home / "exports"

    @property
    def reports_path(self) -> Path:
        """The folder of self-contained HTML reports."""
        return self.home / "reports"
