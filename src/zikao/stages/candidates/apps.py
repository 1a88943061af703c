from django.apps import AppConfig


class CandidatesConfig(AppConfig):
    name = "zikao.stages.candidates"
    label = "candidates"
