from django.apps import AppConfig


class RetentionConfig(AppConfig):
    name = "zikao.foundation.retention"
    label = "retention"
