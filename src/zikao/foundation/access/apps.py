from datetime import datetime

from django.apps import AppConfig

from zikao.foundation.actors import Actor


def _appointment_must_stand(by: Actor, at: datetime) -> None:
    from zikao.foundation.access.queries import appointment_stands
    from zikao.foundation.errors import NotPermitted

    if by.appointment_id is not None and not appointment_stands(by.appointment_id, by.account_id, at):
        raise NotPermitted(
            "appointment-not-in-effect",
            facts={"post": by.post.label},
            message="您的岗位聘任已结束或尚未开始。",
            remedy="请联系本机构的安全管理员办理聘任，再重新登录。",
        )


class AccessConfig(AppConfig):
    name = "zikao.foundation.access"
    label = "access"

    def ready(self) -> None:
        from zikao.foundation.access.signing_in import take_over
        from zikao.foundation.commands import set_authoriser

        set_authoriser(_appointment_must_stand)
        take_over()
