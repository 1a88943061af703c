from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "zikao.foundation.pages"
    label = "pages"

    def ready(self) -> None:
        """Make the house's own parts of addresses known before any address is read."""
        from zikao.foundation.pages import converters as converters
