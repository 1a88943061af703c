from django.apps import AppConfig


class PersonnelConfig(AppConfig):
    name = "zikao.stages.personnel"
    label = "personnel"
