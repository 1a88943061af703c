"""Which kind of key, and why one is destroyed."""

from __future__ import annotations

from django import forms

from zikao.foundation.custody.states import ROTATED


class RotateForm(forms.Form):
    """The kind of key to change."""

    kind = forms.ChoiceField(
        label="密钥种类",
        choices=[(kind.value, kind.label) for kind in ROTATED],
        help_text="数据密钥加密个人信息和文件；索引密钥用于查找；签名密钥、信封密钥用于节点之间往来。",
    )


class DestroyForm(forms.Form):
    """Why a key is given up for ever."""

    reason = forms.CharField(
        label="销毁理由", max_length=200, help_text="写明依据，以及停用之前的备份是否都已过保存期。"
    )


class PeerForm(forms.Form):
    """Another node: its code, address and two public keys."""

    code = forms.RegexField(r"^(national|military|province:\d{2})$", label="节点代码", help_text="例如 province:33")
    url = forms.CharField(label="地址", max_length=200, help_text="以 https:// 开头")
    public_key_pem = forms.CharField(label="签名公钥（verify-*.pem 的内容）", widget=forms.Textarea(attrs={"rows": 4}))
    envelope_key_pem = forms.CharField(
        label="加密公钥（envelope-*.pem 的内容）",
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        help_text="没有它，发给对方的数据留在发件箱等待，不会以明文发出。",
    )

    def clean_public_key_pem(self) -> str:
        """The PEM with its final line end, as the file has it."""
        return str(self.cleaned_data["public_key_pem"]).replace("\r\n", "\n").strip() + "\n"

    def clean_envelope_key_pem(self) -> str:
        """The same, or nothing."""
        text = str(self.cleaned_data["envelope_key_pem"]).replace("\r\n", "\n").strip()
        return f"{text}\n" if text else ""
