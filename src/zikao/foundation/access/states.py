"""The kinds of account, why one is closed, and where an appointment is in its time."""

from django.db.models import TextChoices


class AccountKind(TextChoices):
    STAFF = "staff", "工作人员"
    CANDIDATE = "candidate", "考生"


class ClosingReason(TextChoices):
    LEFT = "left", "离职、退休"
    MOVED = "moved", "调离岗位"
    MISUSED = "misused", "违反使用规定"
    LOST = "lost", "密码泄露或疑似被他人使用"
    MISTAKE = "mistake", "开错"


class AppointmentPhase(TextChoices):
    TO_COME = "to-come", "尚未开始"
    IN_EFFECT = "in-effect", "在任"
    OVER = "over", "已终止"


class FactorKind(TextChoices):
    TOTP = "totp", "动态码"
    PASSKEY = "passkey", "通行密钥"
    RECOVERY = "recovery", "备用码"


class ResetReason(TextChoices):
    LOST = "lost", "设备丢失或损坏"
    CHANGED = "changed", "更换设备且没有备用码"
    STOLEN = "stolen", "疑似被他人使用"


class ResetState(TextChoices):
    ASKED = "asked", "待另一名管理员确认"
    DONE = "done", "已重置"
    REFUSED = "refused", "未同意"


class SessionEnd(TextChoices):
    SIGNED_OUT = "signed-out", "本人退出"
    NEWER = "newer", "在别处重新登录"
    BY_OWNER = "by-owner", "本人在别处结束"
    IDLE = "idle", "闲置超时"
    TOO_LONG = "too-long", "已到最长时间"
    PASSWORD = "password", "密码已更改"
    CLOSED = "closed", "账号已注销"
    NO_POST = "no-post", "岗位聘任已终止"
    FACTOR = "factor", "须有第二重验证"


class SignInEvent(TextChoices):
    CAME_IN = "came-in", "登录"
    WRONG_PASSWORD = "wrong-password", "密码不对"
    WRONG_FACTOR = "wrong-factor", "密码正确、第二重验证不对"
    HELD_OFF = "held-off", "连续输错，暂不受理"
    NO_POST = "refused-no-post", "没有生效的聘任"
    WRONG_AGAIN = "wrong-again", "再次确认身份不对"
    SIGNED_OUT = "signed-out", "退出"
    ENDED = "ended", "登录被结束"
