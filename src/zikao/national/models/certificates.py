"""The national register of graduation certificates."""

from __future__ import annotations

from django.db import models

from zikao.foundation.secrecy import sealed_field

ID_NUMBER = sealed_field(
    "national.RegisteredCertificate",
    "id_number_sealed",
    title="毕业证书注册人身份证号",
    bound_to=("number",),
    index="id_number_index",
)


class RegisteredCertificate(models.Model):
    """A certificate as registered (SR-A3.1); revoked ones stay, and say so."""

    number = models.CharField("证书编号", max_length=20, unique=True, db_collation="C")
    name = models.CharField("姓名", max_length=60)
    sex = models.CharField("性别", max_length=1)
    id_number_sealed = models.BinaryField("身份证号（密文）")
    id_number_index = models.BinaryField("身份证号索引", db_index=True)
    major_code = models.CharField("专业代码", max_length=7)
    major = models.CharField("专业", max_length=60)
    level = models.CharField("层次", max_length=10)
    issued_on = models.DateField("发证日期")
    school = models.CharField("主考学校", max_length=60)
    province = models.CharField("省份代码", max_length=2, db_collation="C", db_index=True)
    portrait = models.CharField("照片摘要", max_length=64, blank=True)
    registered_at = models.DateTimeField("注册时间")
    revoked_at = models.DateTimeField("撤销时间", null=True)
    revoked_reason = models.CharField("撤销理由", max_length=200, blank=True)

    class Meta:
        verbose_name = "已注册证书"
        ordering = ["number"]

    def __str__(self) -> str:
        return self.number
