"""The shapes of orders, keys, destinations and hand-overs."""

from __future__ import annotations

from django import forms

from zikao.foundation.backups.states import COPIES, Custody, Kind

PEM = forms.Textarea(attrs={"rows": 4, "spellcheck": "false"})
WHICH = [("", "按周期决定"), (Kind.FULL.value, "全量"), (Kind.INCREMENTAL.value, "增量")]
WHOSE = [("", "轮到的一方"), *((each.value, each.label) for each in COPIES)]
PUBLIC_KEY = "由保管人在自己的电脑上执行 ./zikao node custody keygen 得到；只粘贴公钥，私钥不要输入本系统"


class OrderForm(forms.Form):
    """Which kind of backup."""

    kind = forms.ChoiceField(label="种类", choices=WHICH, required=False)


class DrillForm(forms.Form):
    """Whose copy."""

    custody = forms.ChoiceField(label="用哪一方的副本", choices=WHOSE, required=False)


class KeyForm(forms.Form):
    """A custody's first key."""

    custody = forms.ChoiceField(label="保管方", choices=Custody.choices)
    holder_name = forms.CharField(label="保管人", max_length=60)
    holder_unit = forms.CharField(label="保管单位", max_length=120)
    public_key = forms.CharField(label="公钥", widget=PEM, help_text=PUBLIC_KEY)


class PlaceForm(forms.Form):
    """Where a custody's copies go."""

    custody = forms.ChoiceField(label="保管方", choices=[(each.value, each.label) for each in COPIES])
    url = forms.CharField(label="存放处", max_length=500, help_text="本机目录，或 s3://桶/前缀；口令不写在地址里")
    is_off_site = forms.BooleanField(label="在另一地点（异地）", required=False)


class HandOverForm(forms.Form):
    """The new holder and key, and both who are present."""

    holder_name = forms.CharField(label="新保管人", max_length=60)
    holder_unit = forms.CharField(label="保管单位", max_length=120)
    public_key = forms.CharField(label="新公钥", widget=PEM, help_text=PUBLIC_KEY)
    handing_username = forms.CharField(label="移交人用户名", max_length=40)
    handing_secret = forms.CharField(label="移交人密码", widget=forms.PasswordInput, strip=False)
    handing_code = forms.CharField(label="移交人动态码", required=False, max_length=20)
    receiving_username = forms.CharField(label="接收人用户名", max_length=40)
    receiving_secret = forms.CharField(label="接收人密码", widget=forms.PasswordInput, strip=False)
    receiving_code = forms.CharField(label="接收人动态码", required=False, max_length=20)
