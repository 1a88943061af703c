"""What was offered, cosigned, seen and found. All tables only grow (see the migration); evidence is kept as signed."""

from __future__ import annotations

from django.db import models

from zikao.foundation.clock import LOCAL
from zikao.foundation.witness.states import AlarmKind, SettledBy


class Offer(models.Model):
    """One of our checkpoints, sent to a witness."""

    witness = models.TextField(db_collation="C")
    tree_size = models.BigIntegerField()
    base_size = models.BigIntegerField()
    offered_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        verbose_name = "提请见证"
        indexes = [models.Index(fields=["witness", "tree_size"], name="witness_offer_size")]

    def __str__(self) -> str:
        return f"{self.witness} {self.tree_size}"


class Cosigned(models.Model):
    """A witness's signature over one of our checkpoints."""

    witness = models.TextField(db_collation="C")
    tree_size = models.BigIntegerField()
    note = models.TextField()
    cosigned_at = models.DateTimeField()
    key_id = models.TextField()
    signature = models.BinaryField()
    kept_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        verbose_name = "共同签名"
        constraints = [models.UniqueConstraint(fields=["witness", "note"], name="witness_cosigned_once")]
        indexes = [models.Index(fields=["tree_size"], name="witness_cosigned_size")]

    def __str__(self) -> str:
        return f"{self.witness} {self.tree_size}"


class Seen(models.Model):
    """A checkpoint of another node that we checked against the one before and cosigned.

    `era` counts its declared restores: within one era the tree only grows.
    """

    origin = models.TextField(db_collation="C")
    era = models.IntegerField(default=0)
    tree_size = models.BigIntegerField()
    root = models.BinaryField(max_length=32)
    note = models.TextField()
    signature = models.BinaryField()
    signed_at = models.DateTimeField()
    base_size = models.BigIntegerField()
    seen_at = models.DateTimeField()
    key_id = models.TextField()
    cosignature = models.BinaryField()

    class Meta:
        ordering = ["id"]
        verbose_name = "见证过的检查点"
        verbose_name_plural = "seen"
        constraints = [models.UniqueConstraint(fields=["origin", "era", "tree_size"], name="witness_seen_once")]

    def __str__(self) -> str:
        return f"{self.origin} {self.era}/{self.tree_size}"


class Alarm(models.Model):
    """A node showed a history that does not go on from what it showed before; both signed notes are the evidence.

    `told_by` is empty where we found it ourselves, else the node that found it and told us.
    """

    digest = models.BinaryField(max_length=32, unique=True)
    kind = models.CharField(max_length=12, choices=AlarmKind.choices)
    origin = models.TextField(db_collation="C")
    told_by = models.TextField(db_collation="C", blank=True)
    held_note = models.TextField()
    held_signature = models.BinaryField()
    shown_note = models.TextField()
    shown_signature = models.BinaryField()
    found_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        verbose_name = "账本告警"
        indexes = [models.Index(fields=["origin"], name="witness_alarm_origin")]

    def __str__(self) -> str:
        return f"{self.kind} {self.origin}"


class Settlement(models.Model):
    """How an alarm was settled. The alarm itself stays for ever."""

    alarm = models.OneToOneField(Alarm, models.PROTECT, related_name="settlement")
    how = models.CharField(max_length=10, choices=SettledBy.choices)
    reason = models.TextField()
    account_id = models.BigIntegerField(null=True)
    settled_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        verbose_name = "告警处理"

    def __str__(self) -> str:
        return f"{self.how} {self.alarm_id}"


class Restore(models.Model):
    """A node declares that it was restored from a backup: its tree goes on from a shorter head, and why."""

    origin = models.TextField(db_collation="C")
    tree_size = models.BigIntegerField()
    root = models.BinaryField(max_length=32)
    note = models.TextField()
    signature = models.BinaryField()
    base_size = models.BigIntegerField()
    held_size = models.BigIntegerField()
    is_proven = models.BooleanField()
    reason = models.TextField()
    declared_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        verbose_name = "恢复声明"
        constraints = [models.UniqueConstraint(fields=["origin", "note"], name="witness_restore_once")]

    def __str__(self) -> str:
        return f"{self.origin} {self.tree_size}"


class RestoreAnswer(models.Model):
    """What an auditor of the witness said to a declared restore."""

    restore = models.OneToOneField(Restore, models.PROTECT, related_name="answer")
    is_accepted = models.BooleanField()
    reason = models.TextField()
    account_id = models.BigIntegerField(null=True)
    answered_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        verbose_name = "恢复确认"

    def __str__(self) -> str:
        return f"{self.restore_id} {self.is_accepted}"


class Verification(models.Model):
    """One verification of our own ledger: by whom, over what, with which verdict."""

    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    holds = models.BooleanField()
    leaves = models.BigIntegerField()
    pending = models.BigIntegerField()
    checkpoints = models.BigIntegerField()
    cosignatures = models.BigIntegerField()
    files = models.BigIntegerField(db_default=0)
    problem_count = models.BigIntegerField()
    problems = models.JSONField()
    account_id = models.BigIntegerField(null=True)
    work_id = models.BigIntegerField(null=True, unique=True)

    class Meta:
        ordering = ["id"]
        verbose_name = "账本核验"

    def __str__(self) -> str:
        return f"{self.ended_at.astimezone(LOCAL):%Y-%m-%d %H:%M} {self.holds}"


class StoredRenewal(models.Model):
    """A newer signature over a checkpoint's older ones (ADR 19); number 1 covers the checkpoint itself."""

    tree_size = models.BigIntegerField()
    number = models.IntegerField()
    text = models.TextField()
    signature = models.BinaryField()
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["tree_size", "number"]
        verbose_name = "续签"
        constraints = [models.UniqueConstraint(fields=["tree_size", "number"], name="witness_renewal_once")]

    def __str__(self) -> str:
        return f"{self.tree_size}/{self.number}"
