"""What the queue does for seating: a county's notices as PDFs of fifty in one ZIP, ready for the printer."""

from __future__ import annotations

import io
import zipfile

from zikao.foundation.actors import node_actor
from zikao.foundation.documents import render_batch
from zikao.foundation.jobs.models import Work
from zikao.foundation.jobs.working import Progress, Result, long_work
from zikao.stages.seating import queries
from zikao.stages.seating.commands.printing import KIND

CHUNK = 50
OLD = (1980, 1, 1, 0, 0, 0)
"""One time for every file in the ZIP: the same notices give the same bytes, whoever packs them."""


@long_work(KIND)
def print_notices(work: Work, progress: Progress) -> Result:
    """Render the notices of the county in the order of admission numbers; the same notices give the same file."""
    sitting, county = work.given["sitting"], work.given["county"]
    notices = queries.notices_in(node_actor(), sitting, county)
    shared = queries.shared_notice_data(sitting)
    file, first = io.BytesIO(), 1
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as pack:
        for pdf in render_batch("seating/notice.typ", notices, shared=shared, chunk=CHUNK):
            last = min(first + CHUNK - 1, work.total)
            pack.writestr(zipfile.ZipInfo(f"notices-{first:05d}-{last:05d}.pdf", OLD), pdf)
            progress.add(last - first + 1)
            first = last + 1
    name = f"notices-{sitting}-{county}.zip"
    return Result(file.getvalue(), name, "application/zip", {"notices": first - 1, "files": -(-(first - 1) // CHUNK)})
