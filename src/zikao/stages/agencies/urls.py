"""Addresses of agencies."""

from django.urls import path

from zikao.stages.agencies.views import sites, tree

app_name = "agencies"

staff_urls = [
    path("", tree.tree, name="tree"),
    path("open/", tree.open_agency, name="open-agency"),
    path("at/<str:code>/", tree.agency_page, name="agency"),
    path("at/<str:area_code>/committee/", tree.set_committee, name="set-committee"),
    path("secure-rooms/register/", tree.register_secure_room, name="register-secure-room"),
    path("schools/register/", tree.register_school, name="register-school"),
    path("schools/clerk/", tree.name_school_clerk, name="name-school-clerk"),
    path("tutoring/register/", tree.register_tutoring_institution, name="register-tutoring-institution"),
    path("sites/", sites.site_list, name="sites"),
    path("sites/propose/", sites.propose, name="propose-site"),
    path("sites/<int:site_id>/", sites.site_page, name="site"),
    path("sites/<int:site_id>/inspect/", sites.inspect, name="inspect-site"),
    path("sites/<int:site_id>/accept/", sites.accept, name="accept-site"),
    path("sites/<int:site_id>/approve/", sites.approve, name="approve-exception"),
    path("sites/<int:site_id>/rooms/add/", sites.add_rooms, name="add-rooms"),
    path("sites/<int:site_id>/suspend/", sites.suspend, name="suspend-site"),
]
