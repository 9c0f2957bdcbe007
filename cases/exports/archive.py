"""files → ZIP: the same files give the same bytes."""

import io
from collections.abc import Mapping
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

_BEGINNING = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a ZIP knows: when a file was packed is nobody's business."""
_PACKED_ALREADY = (".gz", ".warc.gz")


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Pack files in the order given; what is compressed already is stored as it is."""
    out = io.BytesIO()
    with ZipFile(out, "w") as archive:
        for name, content in files.items():
            entry = ZipInfo(name, _BEGINNING)
            entry.compress_type = ZIP_STORED if name.endswith(_PACKED_ALREADY) else ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            archive.writestr(entry, content)
    return out.getvalue()
