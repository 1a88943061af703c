from importlib import import_module

from django.apps import AppConfig


class PortalsConfig(AppConfig):
    name = "zikao.portals"
    label = "portals"

    def ready(self) -> None:
        """Offer the caretaker what the portals' rooms have to do from time to time."""
        import_module("zikao.portals.trust.chores")
        import_module("zikao.portals.approvals.chores")
        import_module("zikao.portals.accounts.chores")
