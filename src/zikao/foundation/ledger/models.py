"""The ledger's tables; all are append-only (see the migrations)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Func
from django.db.models.functions import Now


class CurrentXid(Func):
    """The id of the running transaction, never used twice in the life of a cluster."""

    function = "pg_current_xact_id"
    arity = 0


class ClockTimestamp(Func):
    """The server's clock at this moment, not at the start of the transaction."""

    function = "clock_timestamp"
    arity = 0


if TYPE_CHECKING:
    _IntField = models.Field[int, int]
else:
    _IntField = models.Field


class Xid8Field(_IntField):
    """A 64-bit transaction id."""

    def db_type(self, connection: Any) -> str:
        """PostgreSQL's type."""
        return "xid8"

    def from_db_value(self, value: object, expression: object, connection: object) -> int | None:
        """The driver gives it as text."""
        return None if value is None else int(str(value))


class Line(models.Model):
    """What one command did."""

    id = models.BigAutoField(primary_key=True)
    xid = Xid8Field(db_default=CurrentXid(), editable=False)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=ClockTimestamp(), editable=False)
    account_id = models.BigIntegerField(null=True)
    appointment_id = models.BigIntegerField(null=True)
    post = models.TextField()
    agency_code = models.TextField(db_collation="C")
    command = models.TextField()
    subject = models.TextField(db_collation="C")
    clauses = ArrayField(models.TextField())
    facts = models.JSONField()
    before = models.BinaryField(null=True)
    after = models.BinaryField(null=True)
    idempotency_key = models.TextField(null=True, db_collation="C")

    class Meta:
        verbose_name = "账本行"
        ordering = ["id"]
        indexes = [
            models.Index("xid", "id", name="ledger_line_order"),
            models.Index("subject", "id", name="ledger_line_subject"),
        ]
        constraints = [models.UniqueConstraint(fields=["idempotency_key"], name="ledger_line_key")]

    def __str__(self) -> str:
        return f"{self.id} {self.command} {self.subject}"


class Leaf(models.Model):
    """The place of a line in the tree, counted from 0."""

    seq = models.BigIntegerField(primary_key=True)
    line_id = models.BigIntegerField(unique=True)
    hash = models.BinaryField(max_length=32)

    class Meta:
        verbose_name = "账本哈希叶"
        ordering = ["seq"]

    def __str__(self) -> str:
        return f"{self.seq}: line {self.line_id}"


class Subtree(models.Model):
    """The root of a complete subtree of 2**level leaves, kept so that proofs need not read the whole tree."""

    pk = models.CompositePrimaryKey("level", "place")
    level = models.SmallIntegerField()
    place = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)

    class Meta:
        verbose_name = "账本子树"
        ordering = ["level", "place"]

    def __str__(self) -> str:
        return f"{self.level}/{self.place}"


class Batch(models.Model):
    """How far the sequencer has come: the frontier of the tree, and the last line taken.

    `epoch` is the first line id since the database moved to the cluster named; xids compare only within one.
    """

    id = models.BigAutoField(primary_key=True)
    tree_size = models.BigIntegerField()
    peaks = models.BinaryField()
    cluster = models.TextField()
    epoch = models.BigIntegerField()
    last_xid = Xid8Field()
    last_line_id = models.BigIntegerField()
    sequenced_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "账本归并批次"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.tree_size} lines"


class Checkpoint(models.Model):
    """The root over the first `tree_size` lines, signed by the node."""

    tree_size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField(max_length=32)
    signed_at = models.DateTimeField()
    key_id = models.TextField()
    note = models.TextField()
    signature = models.BinaryField()

    class Meta:
        verbose_name = "账本签名点"
        ordering = ["tree_size"]

    def __str__(self) -> str:
        return self.note
