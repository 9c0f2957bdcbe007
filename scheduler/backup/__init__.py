"""an installation ↔ one file: the store, its evidence and its configuration, proved by digests. ``backup`` and ``restore``."""
