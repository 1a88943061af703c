from django.apps import AppConfig


class CommandsConfig(AppConfig):
    name = "zikao.foundation.commands"
    label = "commands"
