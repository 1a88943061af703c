from django.apps import AppConfig


class SeatingConfig(AppConfig):
    name = "zikao.stages.seating"
    label = "seating"
