"""The kinds of account."""

from django.db.models import TextChoices


class AccountKind(TextChoices):
    STAFF = "staff", "工作人员"
    CANDIDATE = "candidate", "考生"
