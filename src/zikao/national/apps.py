from django.apps import AppConfig


class NationalConfig(AppConfig):
    name = "zikao.national"
    label = "national"

    def ready(self) -> None:
        """The public look-up reads the national register, too."""
        from zikao.national.queries import certificates  # noqa: F401
