"""batch → CSV (RFC 4180, UTF-8): a comment that says what was withheld, a header, one row a case."""

import csv
import io

from cases.exports.batch import Batch
from cases.exports.cells import defused, plain
from cases.exports.rows import COLUMNS, row


def as_csv(batch: Batch) -> bytes:
    """Write the cases as CSV. The first line begins with ``#`` and is no row: it is the notice."""
    out = io.StringIO()
    out.write(f"# {plain('. '.join(batch.notice.sentences()))}.\r\n")
    lines = csv.writer(out, lineterminator="\r\n")
    lines.writerow(COLUMNS)
    for case in batch.cases:
        one = row(case)
        lines.writerow([_cell(getattr(one, column)) for column in COLUMNS])
    return out.getvalue().encode()


def _cell(value: object) -> object:
    return defused(value) if isinstance(value, str) else "" if value is None else value
