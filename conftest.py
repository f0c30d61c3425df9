"""Tests are of the sources, whatever was compiled of them; `make soak` compares what is compiled with these."""

from __future__ import annotations

import os

os.environ.setdefault("CHENGSHU_PLAIN", "1")
