"""Where every address leads: the doors first, then the API, the other nodes, and the health of this one."""

from django.urls import include, path

from zikao.node import health
from zikao.node.api import api

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("api/v1/", api.urls),
    path("exchange/", include("zikao.foundation.exchange.urls")),
    path("", include("zikao.portals.urls")),
]
handler403 = "zikao.portals.views.errors.forbidden"
handler404 = "zikao.portals.views.errors.not_found"
handler500 = "zikao.portals.views.errors.broken"
