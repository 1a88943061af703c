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
