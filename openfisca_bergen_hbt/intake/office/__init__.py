"""Workbooks of offices (.xlsx, .ods) as sheets: each cell is what it is, and keeps its place."""
