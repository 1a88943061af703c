"""Scores, and proposed corrections, are shown to the county of their candidate and above; to the candidate only when published (EA-5.1, SR-A1.8, SR-A1.13)."""

from django.db import migrations

from zikao.foundation.commands.row_security import CANDIDATE, of_node, row_security, shown_below, shown_when
from zikao.stages.results.migrations._archive import as_archive

_TOLD = (
    f"candidate_id = {CANDIDATE} AND (sitting_id IS NULL OR EXISTS (SELECT FROM public.results_publication told"
    " WHERE told.sitting_id = score.sitting_id AND told.state = 'published'))"
)
_SQL = f"""
ALTER TABLE archive.score ADD CONSTRAINT score_of_node {of_node("agency_code")};
ALTER TABLE archive.staged ADD CONSTRAINT staged_of_node {of_node("agency_code")};
ALTER TABLE archive.score ENABLE ROW LEVEL SECURITY;
CREATE POLICY zikao_rows ON archive.score FOR SELECT TO PUBLIC USING ({shown_when(shown_below("agency_code"), _TOLD)});
ALTER TABLE archive.staged ENABLE ROW LEVEL SECURITY;
CREATE POLICY zikao_rows ON archive.staged TO PUBLIC USING ({shown_when(shown_below("agency_code"))});
"""


class Migration(migrations.Migration):
    dependencies = [("results", "0002_guards"), ("commands", "0001_row_settings")]
    operations = [as_archive(_SQL), row_security("results_correction")]
