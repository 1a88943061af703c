"""Where the pages of exports are."""

from django.urls import path

from zikao.portals.exports.views import asking, following, tracing

app_name = "exports"
staff_urls = [
    path("", following.mine, name="mine"),
    path("register/", following.register, name="register"),
    path("ask/", asking.ask, name="ask"),
    path("trace/", tracing.trace, name="trace"),
    path("<int:export_id>/", following.export, name="export"),
    path("<int:export_id>/letter", following.letter, name="letter"),
    path("<int:export_id>/copies/<int:copy_number>/", following.collect, name="collect"),
]
