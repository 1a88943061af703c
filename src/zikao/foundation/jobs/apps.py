from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "zikao.foundation.jobs"
    label = "jobs"
