from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "zikao.foundation.pages"
    label = "pages"
