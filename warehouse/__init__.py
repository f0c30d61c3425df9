"""Rows in, tables and files out: the lake, what is published of it, and what is made from that. Knows no parsing."""
