from django.apps import AppConfig


class PortalsConfig(AppConfig):
    name = "zikao.portals"
    label = "portals"

    def ready(self) -> None:
        from zikao.foundation.secrecy import sealed_field

        # access lies below the register of sealed columns
        sealed_field("access.TotpDevice", "secret_sealed", title="动态码密钥", bound_to=("account_id",))
