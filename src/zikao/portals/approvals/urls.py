"""Addresses of approvals."""

from django.urls import path

from zikao.portals.approvals.views import approval, delegations, lists, papers, reviews, signing

app_name = "approvals"

staff_urls = [
    path("", lists.waiting, name="waiting"),
    path("proposed/", lists.proposed, name="proposed"),
    path("all/", lists.everything, name="all"),
    path("<int:approval_id>/", approval.approval_page, name="approval"),
    path("<int:approval_id>/sign/", signing.sign, name="sign"),
    path("<int:approval_id>/refuse/", signing.refuse, name="refuse"),
    path("<int:approval_id>/withdraw/", signing.withdraw, name="withdraw"),
    path("<int:approval_id>/sheet.pdf", papers.sheet, name="sheet"),
    path("<int:approval_id>/evidence/<int:number>/", papers.evidence, name="evidence"),
    path("reviews/", reviews.review_list, name="reviews"),
    path("reviews/new/", reviews.record, name="record-review"),
    path("reviews/list.pdf", reviews.list_of_period, name="review-list"),
    path("reviews/<int:review_id>/", reviews.review_page, name="review"),
    path("reviews/<int:review_id>/minutes.pdf", reviews.minutes, name="review-minutes"),
    path("delegations/", delegations.delegation_list, name="delegations"),
    path("delegations/new/", delegations.delegate, name="delegate"),
    path("delegations/<int:delegation_id>/", delegations.delegation_page, name="delegation"),
    path("delegations/<int:delegation_id>/end/", delegations.end, name="end-delegation"),
]
