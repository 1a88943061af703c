"""Addresses of keys and secrecy."""

from django.urls import path

from zikao.portals.secrecy.views import keys, peers, secrets

app_name = "secrecy"

staff_urls = [
    path("", secrets.secret_list, name="secrets"),
    path("accesses/", secrets.access_list, name="accesses"),
    path("reveals/", secrets.reveal_list, name="reveals"),
    path("viewers/", secrets.viewer_list, name="viewers"),
    path("fields/", secrets.field_list, name="fields"),
    path("peers/", peers.peer_list, name="peers"),
    path("peers/add/", peers.add_peer, name="add-peer"),
    path("peers/change/", peers.change_peer, name="change-peer"),
    path("keys/", keys.key_list, name="keys"),
    path("keys/rotate/", keys.rotate, name="rotate"),
    path("keys/reseal/", keys.reseal, name="reseal"),
    path("keys/reindex/", keys.reindex, name="reindex"),
    path("keys/<str:key_id>/", keys.key_page, name="key"),
    path("keys/<str:key_id>/retire/", keys.retire, name="retire"),
    path("keys/<str:key_id>/destroy/", keys.destroy, name="destroy"),
]
