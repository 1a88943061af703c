from django.apps import AppConfig


class NationalConfig(AppConfig):
    name = "zikao.national"
    label = "national"

    def ready(self) -> None:
        """The public look-up reads the national register, too; what of a secret incident can be shown."""
        from zikao.national import personal  # noqa: F401
        from zikao.national.queries import certificates  # noqa: F401
