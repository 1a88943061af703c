from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "zikao.stages.registry"
    label = "registry"
