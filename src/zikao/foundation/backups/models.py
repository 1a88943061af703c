"""What is known of the node's backups. Every table only grows: the history of backups is evidence, too."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from zikao.foundation.backups.states import Custody, Kind, Outcome


class CustodyKey(models.Model):
    """A public key that copies are sealed to; `predecessor` is the key that was handed over to this one."""

    custody = models.CharField("保管方", max_length=12, choices=Custody.choices)
    key_id = models.CharField("密钥编号", max_length=16, unique=True, db_collation="C")
    public_key = models.TextField("公钥")
    holder_name = models.CharField("保管人", max_length=60)
    holder_unit = models.CharField("保管单位", max_length=120)
    predecessor = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="successor"
    )
    present = models.JSONField("交接在场人", default=list)
    registered_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = "备份保管密钥"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["custody"],
                condition=Q(predecessor=None) & ~Q(custody=Custody.KEYS),
                name="backups_one_first_key_a_custody",
            ),
            models.CheckConstraint(condition=~Q(holder_name=""), name="backups_key_has_a_holder"),
        ]

    def __str__(self) -> str:
        return f"{self.get_custody_display()} {self.key_id}"


class Destination(models.Model):
    """Where a custody's copies go; the newest row of a custody counts."""

    custody = models.CharField("保管方", max_length=12, choices=Custody.choices)
    url = models.CharField("地址", max_length=500)
    is_off_site = models.BooleanField("异地", default=False)
    since_at = models.DateTimeField("启用时间")

    class Meta:
        verbose_name = "备份存放处"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.get_custody_display()} {self.url}"


class Backup(models.Model):
    """A part that both custodies took: its manifest's digest is what the ledger names."""

    node = models.CharField("节点", max_length=20)
    generation = models.CharField("套", max_length=16, db_collation="C")
    number = models.IntegerField("序号")
    kind = models.CharField("种类", max_length=12, choices=Kind.choices)
    began_at = models.DateTimeField("开始时间")
    ended_at = models.DateTimeField("完成时间")
    digest = models.CharField("清单摘要", max_length=64, unique=True, db_collation="C")
    previous = models.CharField("前一清单摘要", max_length=64, db_collation="C")
    plain_bytes = models.BigIntegerField("原始字节数")
    sealed_bytes = models.JSONField("密文字节数")
    keys = models.JSONField("所用公钥")
    destinations = models.JSONField("存放处")
    databases = models.JSONField("数据库")
    rows = models.BigIntegerField("行数", null=True)
    ledger_size = models.BigIntegerField("账本行数", null=True)
    ledger_root = models.CharField("账本根", max_length=64, blank=True)
    files = models.IntegerField("文件数", default=0)
    is_exact = models.BooleanField("清点无并发写入", default=True)

    class Meta:
        verbose_name = "备份"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["generation", "number"], name="backups_part_once"),
            models.CheckConstraint(condition=Q(ended_at__gte=F("began_at")), name="backups_ends_after_it_begins"),
            models.CheckConstraint(condition=Q(number__gte=1), name="backups_numbered_from_one"),
        ]
        indexes = [models.Index(fields=["kind", "-id"], name="backups_newest_of_kind")]

    def __str__(self) -> str:
        return f"{self.generation} {self.number:06d} {self.get_kind_display()}"


class Failure(models.Model):
    """A backup that did not come to be, with why."""

    kind = models.CharField("种类", max_length=12)
    at = models.DateTimeField("时间")
    code = models.CharField("代码", max_length=60)
    message = models.TextField("原因")
    remedy = models.TextField("处理办法", blank=True)

    class Meta:
        verbose_name = "备份失败记录"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.at} {self.code}"


class Drill(models.Model):
    """A restore that was tried: which copy, opened by which key, and what it proved."""

    backup = models.ForeignKey(Backup, on_delete=models.PROTECT, null=True)
    generation = models.CharField("套", max_length=16, db_collation="C")
    custody = models.CharField("保管方", max_length=12, choices=Custody.choices)
    opened_with = models.CharField("所用私钥", max_length=16)
    is_custodians_key = models.BooleanField("由保管人私钥开启")
    began_at = models.DateTimeField("开始时间")
    ended_at = models.DateTimeField("结束时间")
    outcome = models.CharField("结论", max_length=8, choices=Outcome.choices)
    findings = models.JSONField("逐项结果", default=list)
    report = models.CharField("报告", max_length=64, blank=True, db_collation="C")

    class Meta:
        verbose_name = "恢复演练"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(ended_at__gte=F("began_at")), name="backups_drill_ends_after_it_begins")
        ]

    def __str__(self) -> str:
        return f"{self.generation} {self.get_custody_display()} {self.get_outcome_display()}"


class Removal(models.Model):
    """A generation that was taken away from both custodies because enough newer ones are there."""

    generation = models.CharField("套", max_length=16, unique=True, db_collation="C")
    at = models.DateTimeField("时间")
    objects_removed = models.JSONField("删除的对象数")

    class Meta:
        verbose_name = "备份清除"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.generation


class Escrow(models.Model):
    """The node's keys were sealed to the key custody: which keys they were."""

    at = models.DateTimeField("时间")
    key_names = models.JSONField("密钥文件")
    sealed_to = models.JSONField("托管公钥")
    digest = models.CharField("托管文件摘要", max_length=64)

    class Meta:
        verbose_name = "密钥托管"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.at}"


class Restoration(models.Model):
    """The node was brought back from a backup, and somebody answers for it."""

    generation = models.CharField("套", max_length=16, db_collation="C")
    number = models.IntegerField("序号")
    digest = models.CharField("清单摘要", max_length=64)
    custody = models.CharField("保管方", max_length=12, choices=Custody.choices)
    until_at = models.DateTimeField("恢复到", null=True)
    restored_at = models.DateTimeField("恢复时间")
    declared_at = models.DateTimeField("声明时间")
    reason = models.TextField("原因")
    ledger_size = models.BigIntegerField("恢复后账本行数")
    known_ledger_size = models.BigIntegerField("已知账本行数")
    sequences = models.JSONField("往来序号", default=dict)

    class Meta:
        verbose_name = "备份恢复"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["digest", "restored_at"], name="backups_restoration_once")]

    def __str__(self) -> str:
        return f"{self.generation} {self.restored_at}"
