"""The door for other nodes."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "exchange"
urlpatterns: list[URLPattern] = []
