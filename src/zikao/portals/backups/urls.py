"""Addresses of backups, drills and custodies."""

from django.urls import path

from zikao.portals.backups.views import backups, custodies, drills

app_name = "backups"

staff_urls = [
    path("", backups.backup_list, name="list"),
    path("<int:backup_id>/", backups.backup_page, name="backup"),
    path("now/", backups.order_backup, name="order"),
    path("failures/", backups.failure_list, name="failures"),
    path("drills/", drills.drill_list, name="drills"),
    path("drills/<int:drill_id>/", drills.drill_page, name="drill"),
    path("drills/<int:drill_id>/report/", drills.report, name="report"),
    path("drills/now/", drills.order_drill, name="order-drill"),
    path("custodies/", custodies.custody_list, name="custodies"),
    path("custodies/<int:key_id>/", custodies.custody_page, name="custody"),
    path("custodies/register/", custodies.register, name="register"),
    path("custodies/place/", custodies.place, name="place"),
    path("custodies/<int:key_id>/hand-over/", custodies.hand_over, name="hand-over"),
]
