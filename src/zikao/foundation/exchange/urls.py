"""The door for other nodes, mounted under /exchange/."""

from django.urls import path

from zikao.foundation.exchange import views

app_name = "exchange"
urlpatterns = [path("inbox", views.inbox, name="inbox")]
