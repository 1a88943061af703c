from django.apps import AppConfig


class PortalsConfig(AppConfig):
    name = "zikao.portals"
    label = "portals"
