"""What pages, the schedule and the verifier ask about backups."""

from __future__ import annotations

from pathlib import Path

from django.db.models import QuerySet

from zikao.foundation.backups.models import (
    Backup,
    CustodyKey,
    Destination,
    Drill,
    Escrow,
    Failure,
    Removal,
    Restoration,
)
from zikao.foundation.backups.states import COPIES, Custody, Kind, Outcome
from zikao.foundation.errors import NotFound

KEY_FILES = {".key", ".pem"}


def active_keys(custody: str) -> list[CustodyKey]:
    """The keys that new copies are sealed to: those that nobody has taken over."""
    return list(CustodyKey.objects.filter(custody=custody, successor=None))


def destination(custody: str) -> Destination | None:
    """Where this custody's copies go now."""
    return Destination.objects.filter(custody=custody).order_by("-id").first()


def missing_custodies() -> tuple[str, ...]:
    """What is missing before a backup can be made, in words."""
    missing = [f"{each.label}的公钥" for each in COPIES if not active_keys(each)]
    return (*missing, *(f"{each.label}的存放处" for each in COPIES if destination(each) is None))


def newest(*kinds: str) -> Backup | None:
    """The newest backup, of these kinds when some are named."""
    rows = Backup.objects.filter(kind__in=kinds) if kinds else Backup.objects.all()
    return rows.order_by("-id").first()


def newest_base() -> Backup | None:
    """The newest backup that is one by itself."""
    return newest(Kind.FULL, Kind.INCREMENTAL, Kind.LOGICAL)


def newest_drill() -> Drill | None:
    """The last drill."""
    return Drill.objects.order_by("-id").first()


def open_failure() -> Failure | None:
    """The last failure, when nothing has succeeded since."""
    failure, last = Failure.objects.order_by("-id").first(), newest()
    return failure if failure is not None and (last is None or last.ended_at < failure.at) else None


def failures() -> QuerySet[Failure]:
    """What did not come to be, the newest first."""
    return Failure.objects.order_by("-id")


def backups() -> QuerySet[Backup]:
    """Every backup, the newest first."""
    return Backup.objects.order_by("-id")


def backup(backup_id: int) -> Backup:
    """One backup. Raises NotFound."""
    found = Backup.objects.filter(pk=backup_id).first()
    if found is None:
        raise NotFound("backup-not-found", facts={"backup": backup_id}, message="没有找到这份备份。")
    return found


def drills() -> QuerySet[Drill]:
    """Every drill, the newest first."""
    return Drill.objects.order_by("-id")


def drill(drill_id: int) -> Drill:
    """One drill. Raises NotFound."""
    found = Drill.objects.filter(pk=drill_id).first()
    if found is None:
        raise NotFound("drill-not-found", facts={"drill": drill_id}, message="没有找到这次演练。")
    return found


def drills_of(generation: str) -> list[Drill]:
    """The drills of one generation."""
    return list(Drill.objects.filter(generation=generation).order_by("-id"))


def custody_keys() -> QuerySet[CustodyKey]:
    """Every custody key, the newest first."""
    return CustodyKey.objects.order_by("-id")


def custody_key(key_id: int) -> CustodyKey:
    """One custody key. Raises NotFound."""
    found = CustodyKey.objects.filter(pk=key_id).first()
    if found is None:
        raise NotFound("custody-key-not-found", facts={"key": key_id}, message="没有找到这把公钥。")
    return found


def removed_generations() -> set[str]:
    """The generations that were taken away."""
    return set(Removal.objects.values_list("generation", flat=True))


def verified_generations() -> set[str]:
    """The generations of which a drill proved that they can be restored."""
    return set(Drill.objects.filter(outcome=Outcome.PASSED).values_list("generation", flat=True))


def living_generations() -> list[str]:
    """The generations that have not been taken away, the oldest first."""
    gone = Removal.objects.values("generation")
    names = Backup.objects.exclude(generation__in=gone).order_by("generation").values_list("generation", flat=True)
    return list(dict.fromkeys(names))


def newest_escrow() -> Escrow | None:
    """The last time the node's keys were sealed to their custody."""
    return Escrow.objects.order_by("-id").first()


def keys_not_escrowed(folder: Path) -> list[str]:
    """The key files of a folder that came since the last escrow: lost for ever if this machine were lost now."""
    last = newest_escrow()
    kept = set(last.key_names) if last is not None else set()
    names = (str(path.relative_to(folder)) for path in folder.rglob("*") if path.suffix in KEY_FILES)
    return sorted(set(names) - kept)


def newest_restoration() -> Restoration | None:
    """The last time the node was brought back."""
    return Restoration.objects.order_by("-id").first()


def holders_of_others(custody: str) -> tuple[str, ...]:
    """Who holds the keys of the other custodies."""
    others = [each for each in Custody if each != custody]
    return tuple(key.holder_name for other in others for key in active_keys(other))
