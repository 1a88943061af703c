from django.apps import AppConfig


class GraduationConfig(AppConfig):
    name = "zikao.stages.graduation"
    label = "graduation"
