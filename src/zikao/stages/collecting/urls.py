"""Where the pages of collecting are."""

from django.urls import path

from zikao.stages.collecting.views import rounds, sessions, workers

app_name = "collecting"
staff_urls = [
    path("", rounds.round_list, name="rounds"),
    path("draft/", rounds.draft, name="draft-round"),
    path("rounds/<int:round_id>/", rounds.collection_round, name="round"),
    path("rounds/<int:round_id>/process/", rounds.process, name="round-process"),
    path("rounds/<int:round_id>/members/", rounds.name_member, name="name-member"),
    path("rounds/<int:round_id>/duties/", rounds.name_responsible, name="name-responsible"),
    path("rounds/<int:round_id>/confirm/", rounds.confirm, name="confirm-round"),
    path("rounds/<int:round_id>/close/", rounds.close, name="close-round"),
    path("rounds/<int:round_id>/begin/", sessions.begin, name="begin-session"),
    path("rounds/<int:round_id>/people/", workers.people, name="people"),
    path("rounds/<int:round_id>/people/vet/", workers.vet, name="vet-workers"),
    path("rounds/<int:round_id>/workers/", workers.register, name="workers"),
    path("rounds/<int:round_id>/workers/training/", workers.train, name="record-training"),
    path("rounds/<int:round_id>/workers/file/", workers.file_workers, name="file-workers"),
    path("rounds/<int:round_id>/workers/<int:pick>/training/", workers.train, name="record-training-of"),
    path("rounds/<int:round_id>/workers/<int:pick>/file/", workers.file_workers, name="file-worker"),
    path("workers/<int:worker_id>/", workers.worker, name="worker"),
    path("workers/<int:worker_id>/pledge/", workers.sign_pledge, name="sign-pledge"),
    path("workers/<int:worker_id>/pledge.pdf", workers.pledge_document, name="pledge-document"),
    path("workers/<int:worker_id>/recuse/", workers.recuse, name="recuse-worker"),
    path("sessions/", sessions.session_list, name="sessions"),
    path("sessions/<int:session_id>/", sessions.session, name="session"),
    path("sessions/<int:session_id>/people/", sessions.presences, name="presences"),
    path("sessions/<int:session_id>/join/", sessions.join, name="join-session"),
    path("sessions/<int:session_id>/here/", sessions.join_here, name="join-here"),
    path("sessions/<int:session_id>/leave/", sessions.leave, name="leave-session"),
    path("sessions/<int:session_id>/end/", sessions.end, name="end-session"),
]
