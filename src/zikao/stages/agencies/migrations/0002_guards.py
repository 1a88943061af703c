"""Periods of one agency, and of one code, never overlap; who followed whom only grows; phones stand under row security."""

from django.db import migrations

from zikao.foundation.commands.row_security import row_security
from zikao.foundation.ledger.append_only import append_only

_APART = """
ALTER TABLE agencies_agencyperiod ADD CONSTRAINT agency_periods_apart EXCLUDE USING gist (
    int8range(agency_id, agency_id, '[]') WITH &&, daterange(since_on, until_on) WITH &&),
ADD CONSTRAINT agency_code_periods_apart EXCLUDE USING gist (
    int8range(hashtext(code)::bigint, hashtext(code)::bigint, '[]') WITH &&, daterange(since_on, until_on) WITH &&);
"""
_TOGETHER = """
ALTER TABLE agencies_agencyperiod DROP CONSTRAINT agency_periods_apart, DROP CONSTRAINT agency_code_periods_apart;
"""
OWN = ("groupmember", "recordstaff", "supportingschool")
"""Names and phones of staff: shown to the agency, its site and those above."""


class Migration(migrations.Migration):
    dependencies = [("agencies", "0001_initial"), ("commands", "0001_row_settings"), ("ledger", "0002_append_only")]
    operations = [
        migrations.RunSQL(_APART, _TOGETHER),
        append_only("agencies_succession"),
        *(row_security(f"agencies_{table}") for table in OWN),
    ]
