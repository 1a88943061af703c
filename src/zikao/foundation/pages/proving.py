"""A form in which the signer proves again who they are; the proof is used up by the command.

@staff_page(posts=policies.CLOSERS)
def close(request: HttpRequest, actor: Actor, incident_id: int) -> HttpResponse:
    page = action(commands.close_incident, partial(forms.CloseForm, request=request), title=..., ...)
    return page(request, incident_id=incident_id)
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest

from zikao.foundation import clock
from zikao.foundation.access import passkeys
from zikao.foundation.access.models import Account
from zikao.foundation.access.reauthentication import reauthenticate
from zikao.foundation.errors import ZikaoError


class SecretForm(forms.Form):
    """The signer's password again: becomes a proof that the command uses up."""

    secret = forms.CharField(
        label="您的登录密码",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text="签字前再次确认身份，只用于这一次签字",
    )

    code = forms.CharField(
        label="动态口令或恢复码",
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        help_text="账号设有第二重验证的，必须填写",
    )

    def __init__(self, *args: Any, request: HttpRequest, **more: Any) -> None:
        super().__init__(*args, **more)
        self._request = request
        asking = passkeys.asking(request, request.user) if isinstance(request.user, Account) else {}
        if asking:
            hidden = forms.HiddenInput(attrs=asking)
            self.fields["passkey"] = forms.CharField(required=False, max_length=20_000, widget=hidden)

    def clean(self) -> dict[str, Any]:
        """The secret goes, a proof comes; nothing is proven while another answer is missing."""
        data = super().clean() or {}
        secret, code, passkey = (data.pop(name, "") for name in ("secret", "code", "passkey"))
        account = self._request.user
        more = {"code": code, "passkey": passkey}
        if self.errors or not isinstance(account, Account):
            return data
        try:
            data["proof"] = reauthenticate(
                account_id=account.pk, secret=secret, at=clock.now(), request=self._request, **more
            )
        except ZikaoError as error:
            for name, said in (getattr(error, "field_errors", {}) or {"secret": error.message}).items():
                self.add_error(name if name in self.fields else "secret", said)
        return data
