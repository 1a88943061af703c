from django.apps import AppConfig


class StorageConfig(AppConfig):
    name = "zikao.foundation.storage"
    label = "storage"
