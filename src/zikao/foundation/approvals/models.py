"""An approval, its steps, and its signatures. The database holds them to the law: see migration 0002.

What was proposed is never edited; an approval moves once, from open to its end; steps are written with it;
signatures only grow, one a person, in order, over the digest that was proposed.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from zikao.foundation.access.models.accounts import Account, Appointment, Proof
from zikao.foundation.actors import Post
from zikao.foundation.approvals.states import ApprovalState, Verdict
from zikao.foundation.regulation.chains import Chain, ChainVersion, chain

POSTS = [(post.value, post.label) for post in Post]


class Approval(models.Model):
    """A matter put before a chain: what it is of (`subject`), the digest of its content, and why."""

    chain = models.CharField("审批事项", max_length=40)
    chain_since_on = models.DateField("审批链起用日期")
    subject = models.CharField("对象", max_length=120, db_collation="C")
    title = models.CharField("内容", max_length=200)
    reason = models.TextField("理由")
    shown = models.JSONField("内容要点", default=list)
    case = models.JSONField("情形", default=dict)
    digest = models.BinaryField("内容摘要", max_length=32)
    evidence = ArrayField(models.CharField(max_length=64, db_collation="C"), verbose_name="依据材料", default=list)
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C", blank=True)
    proposed_by = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="+", null=True, verbose_name="提出人"
    )
    proposed_as = models.CharField("提出人岗位", max_length=30, choices=POSTS)
    proposed_at = models.DateTimeField("提出时间")
    expires_at = models.DateTimeField("签字截止时间")
    state = models.CharField("状态", max_length=10, choices=ApprovalState.choices, default=ApprovalState.OPEN)
    closed_at = models.DateTimeField("办结时间", null=True)
    closing_reason = models.TextField("不同意或撤回的理由", blank=True, db_default="")

    class Meta:
        verbose_name = "审批"
        ordering = ["-id"]
        indexes = [
            models.Index("subject", "chain", name="approval_subject"),
            models.Index(fields=["agency_code", "-id"], name="approval_agency"),
            models.Index("expires_at", name="approval_open_expiry", condition=Q(state="open")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["chain", "subject"], condition=Q(state="open"), name="approval_one_open"),
            models.CheckConstraint(
                condition=Q(proposed_by__isnull=False) | Q(proposed_as="node"), name="approval_has_proposer"
            ),
            models.CheckConstraint(condition=Q(expires_at__gt=F("proposed_at")), name="approval_expires_later"),
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True) | ~Q(state="open") & Q(closed_at__isnull=False),
                name="approval_closed_at_an_instant",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def law(self) -> Chain:
        """The chain's file."""
        return chain(self.chain)

    @property
    def version(self) -> ChainVersion:
        """The chain as it stood when this was proposed."""
        return self.law.on(self.chain_since_on)

    @property
    def digest_hex(self) -> str:
        """The digest as 64 hexadecimal digits."""
        return bytes(self.digest).hex()

    @property
    def facts(self) -> dict[str, object]:
        """What every ledger line about this approval says."""
        return {"approval": self.pk, "chain": self.chain, "digest": self.digest_hex, "of": self.subject}


class Step(models.Model):
    """A step that this approval needs: who may sign it ("post@agency"), and how many do."""

    approval = models.ForeignKey(Approval, on_delete=models.PROTECT, related_name="steps")
    order = models.PositiveSmallIntegerField("顺序")
    number = models.PositiveSmallIntegerField("序号")
    name = models.CharField("步骤", max_length=40)
    clause = models.CharField("依据", max_length=20)
    signers = ArrayField(models.CharField(max_length=50, db_collation="C"), verbose_name="签字岗位")
    how_many = models.PositiveSmallIntegerField("人数", default=1)
    another_post = models.BooleanField("岗位各不相同", default=False)
    seal = models.CharField("用印", max_length=40, blank=True, db_default="")
    delegable = models.BooleanField("可以委托", default=False)

    class Meta:
        verbose_name = "审批步骤"
        ordering = ["approval_id", "number"]
        indexes = [GinIndex(fields=["signers"], name="approval_step_signers")]
        constraints = [
            models.UniqueConstraint(fields=["approval", "number"], name="approval_step_once"),
            models.CheckConstraint(condition=Q(how_many__gte=1), name="approval_step_somebody"),
        ]

    def __str__(self) -> str:
        return self.name


class Delegation(models.Model):
    """That a person lets another sign in their place, for one chain, for some days; only steps that allow it."""

    principal = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="+", verbose_name="委托人聘任")
    delegate = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", verbose_name="受托人")
    chain = models.CharField("审批事项", max_length=40)
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C", blank=True)
    since_on = models.DateField("起")
    until_on = models.DateField("止")
    reason = models.TextField("委托原因")
    delegated_at = models.DateTimeField("办理时间")

    class Meta:
        verbose_name = "审批委托"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(until_on__gte=F("since_on")), name="delegation_ends_after_start")
        ]

    def __str__(self) -> str:
        return f"{self.principal} -> {self.delegate}"


class Signature(models.Model):
    """One person's word on an approval: agreed or refused, over its digest, with a proof of who signs.

    `on_behalf_of` is the account in whose place a delegate signs; both count as having signed.
    """

    approval = models.ForeignKey(Approval, on_delete=models.PROTECT, related_name="signatures")
    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="signatures")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="+")
    name = models.CharField("签字人", max_length=60)
    post = models.CharField("岗位", max_length=30, choices=POSTS)
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C", blank=True)
    delegation = models.ForeignKey(Delegation, on_delete=models.PROTECT, related_name="+", null=True)
    on_behalf_of = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", null=True)
    verdict = models.CharField("意见", max_length=10, choices=Verdict.choices)
    comment = models.TextField("说明", blank=True)
    digest = models.BinaryField("所签内容摘要", max_length=32)
    seal = models.CharField("用印", max_length=40, blank=True, db_default="")
    proof = models.OneToOneField(Proof, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField("签字时间")

    class Meta:
        verbose_name = "审批签名"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["approval", "account"], name="approval_signed_once"),
            models.UniqueConstraint(fields=["approval", "on_behalf_of"], name="approval_represented_once"),
            models.CheckConstraint(
                condition=Q(delegation__isnull=True, on_behalf_of__isnull=True)
                | Q(delegation__isnull=False, on_behalf_of__isnull=False),
                name="approval_signed_by_delegation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.get_verdict_display()}"

    @property
    def signer(self) -> str:
        """The post that this signature fills, as "post@agency"."""
        return f"{self.post}@{self.agency_code}"


class JointReview(models.Model):
    """The review of a period's approvals together with the discipline inspection (SR-A1.8).

    `listed` and `digest` fix which approvals, in which state, were laid before the reviewers.
    """

    agency_code = models.CharField("机构代码", max_length=12, db_collation="C", blank=True)
    since_on = models.DateField("起")
    until_on = models.DateField("止")
    listed = models.PositiveIntegerField("件数")
    digest = models.BinaryField("清单摘要", max_length=32)
    inspectors = models.TextField("纪检监察部门参加人员")
    findings = models.TextField("审查意见")
    minutes = models.CharField("审查记录", max_length=64, db_collation="C", blank=True, db_default="")
    recorded_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", null=True)
    recorded_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = "集体评议"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(until_on__gt=F("since_on")), name="joint_review_ends_after_start")
        ]

    def __str__(self) -> str:
        return f"{self.since_on} 至 {self.until_on}"
