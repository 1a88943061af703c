from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


def _write_terms(**more: Any) -> None:
    from zikao.foundation.retention.terms import write_terms

    write_terms()


class RetentionConfig(AppConfig):
    name = "zikao.foundation.retention"
    label = "retention"

    def ready(self) -> None:
        post_migrate.connect(_write_terms, sender=self)
