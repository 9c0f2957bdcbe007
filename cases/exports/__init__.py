"""cases as they may leave → files for other tools: bytes out, without a disk, a clock or a framework.

Every format is made of a ``Batch``, and a batch only of what ``cases.disclosure`` lets out; each file says what was withheld.
The same batch gives the same bytes.
"""

from cases.exports.batch import Batch, Notice, gather
from cases.exports.delimited import as_csv
from cases.exports.geojson import as_geojson
from cases.exports.gold import Labelled, as_gold, label
from cases.exports.huridocs import as_json
from cases.exports.uwazi import as_uwazi
from cases.exports.wacz import Exhibit, as_wacz
from cases.exports.workbook import as_xlsx

__all__ = [
    "Batch",
    "Exhibit",
    "Labelled",
    "Notice",
    "as_csv",
    "as_geojson",
    "as_gold",
    "as_json",
    "as_uwazi",
    "as_wacz",
    "as_xlsx",
    "gather",
    "label",
]
