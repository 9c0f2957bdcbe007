"""[retention] → what is old is taken away: by ``returnwatch prune``, and by the clock once a day."""

from datetime import datetime

import msgspec

from cases.store import By, Pruned
from scheduler.assembly import Watch
from scheduler.lock import undisturbed

ACTOR = "returnwatch"


def prune(watch: Watch, now: datetime, *, dry_run: bool = False) -> Pruned:
    """Take away what is older than the limits, and count it; with ``dry_run`` only count. A backup under way is waited for.

    The days that are over are closed first, so that their captures stand in the log of decisions. A file is forgotten before it is
    removed: one that outlives a crash in between is removed at the next time.
    """
    limits, store, captures = watch.settings.retention.limits(now), watch.store, watch.settings.store.captures
    if dry_run:
        return store.retention.due(limits)
    with undisturbed(captures):
        store.custody.close_days(now)
        pruned = Pruned(versions=store.retention.prune_texts(limits), runs=store.retention.prune_runs(limits))
        files = store.retention.unneeded(limits)
        if files:
            store.retention.forget_files(files, By(actor=ACTOR, at=now, reason="retention"))
        known = store.evidence.registered([file.name for file in store.retention.pruned_files()])
        for file in store.retention.pruned_files():
            if file.name not in known:
                (captures / file.name).unlink(missing_ok=True)
    return msgspec.structs.replace(pruned, files=len(files), bytes=sum(size for _, _, size in files))
