"""Benchmarks, one file per claim: `python -m bench`, or some of them by name."""
