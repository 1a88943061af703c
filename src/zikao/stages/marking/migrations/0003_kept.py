"""Scans and what came of them are not deleted before a destruction of their sitting's marking data is over."""

from django.db import migrations

from zikao.foundation.retention.guards import kept

OF_PAPER = (
    "SELECT sitting.code FROM public.programmes_paper paper JOIN public.programmes_sitting sitting"
    " ON sitting.id = paper.sitting_id WHERE paper.id = ($1).paper_id"
)
OF_SCRIPT = (
    "SELECT sitting.code FROM public.marking_script script JOIN public.programmes_paper paper ON paper.id = script.paper_id"
    " JOIN public.programmes_sitting sitting ON sitting.id = paper.sitting_id WHERE script.id = ($1).script_id"
)


class Migration(migrations.Migration):
    dependencies = [("marking", "0002_append_only"), ("retention", "0002_guards"), ("programmes", "0001_initial")]

    operations = [
        *(kept(table, kind="marking-data", matter=OF_PAPER) for table in ("marking_card", "marking_scanbatch", "marking_script")),
        kept("marking_markingtask", kind="marking-data", matter=OF_SCRIPT),
    ]
