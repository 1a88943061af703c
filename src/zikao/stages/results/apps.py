from django.apps import AppConfig


class ResultsConfig(AppConfig):
    name = "zikao.stages.results"
    label = "results"
