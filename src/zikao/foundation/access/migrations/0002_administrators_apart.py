"""The database refuses one account two of the three administrators' posts on the same day.

No extension is at hand for "=" and "<>" on plain columns in a GiST index, so the account is a range of one number and
the post an address: both have their operators built in.
"""

from django.db import migrations

APART = """
ALTER TABLE access_appointment ADD CONSTRAINT access_administrators_apart EXCLUDE USING gist (
    int8range(account_id, account_id, '[]') WITH &&,
    daterange(since_on, until_on) WITH &&,
    (CASE post
        WHEN 'system-admin' THEN inet '0.0.0.1'
        WHEN 'security-admin' THEN inet '0.0.0.2'
        WHEN 'auditor' THEN inet '0.0.0.3'
    END) inet_ops WITH <>
) WHERE (post IN ('system-admin', 'security-admin', 'auditor'));
"""
TOGETHER = "ALTER TABLE access_appointment DROP CONSTRAINT access_administrators_apart;"


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial")]
    operations = [migrations.RunSQL(APART, TOGETHER)]
