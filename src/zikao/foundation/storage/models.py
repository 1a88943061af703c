"""What the node knows of each stored file; the bytes are on disk, encrypted."""

from __future__ import annotations

from django.db import models


class StoredFile(models.Model):
    digest = models.CharField(max_length=64, unique=True, db_collation="C")
    size = models.BigIntegerField()
    media_type = models.TextField()
    key_id = models.CharField(max_length=8)
    stored_at = models.DateTimeField()

    class Meta:
        verbose_name = "存储文件"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(digest__regex=r"^[0-9a-f]{64}$"), name="storage_digest_is_hex"),
            models.CheckConstraint(condition=models.Q(size__gte=0), name="storage_size_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.digest[:12]} {self.media_type}"


class ErasedFile(models.Model):
    """A stored file that was destroyed at the end of its time; the database asks for the destruction behind it."""

    digest = models.CharField(max_length=64, unique=True, db_collation="C")
    destruction_id = models.BigIntegerField()
    erased_at = models.DateTimeField()

    class Meta:
        verbose_name = "已销毁文件的记录"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.digest[:12]} by {self.destruction_id}"
