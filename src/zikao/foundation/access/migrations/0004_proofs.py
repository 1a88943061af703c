import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


# A proof is made unused, is used once, and is never made fresh again.
GUARD = """
CREATE FUNCTION access_guard_proof() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.used_at IS NOT NULL THEN
            RAISE EXCEPTION 'access: a proof begins unused' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP <> 'UPDATE' OR OLD.used_at IS NOT NULL
       OR to_jsonb(NEW) - ARRAY['used_at', 'used_for'] IS DISTINCT FROM to_jsonb(OLD) - ARRAY['used_at', 'used_for'] THEN
        RAISE EXCEPTION 'access: a proof is used once' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER access_proof_guard BEFORE INSERT OR UPDATE OR DELETE ON access_proof
    FOR EACH ROW EXECUTE FUNCTION access_guard_proof();
ALTER TABLE access_proof ENABLE ALWAYS TRIGGER access_proof_guard;
"""
UNGUARD = "DROP TRIGGER access_proof_guard ON access_proof; DROP FUNCTION access_guard_proof();"


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0003_administrators_apart'),
    ]

    operations = [
        migrations.CreateModel(
            name='Proof',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(max_length=60, verbose_name='用途')),
                ('made_at', models.DateTimeField(verbose_name='确认时间')),
                ('used_at', models.DateTimeField(null=True, verbose_name='使用时间')),
                ('used_for', models.CharField(blank=True, db_default='', max_length=120, verbose_name='用于')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('used_at__isnull', True), ('used_for', '')), models.Q(('used_at__gte', models.F('made_at')), models.Q(('used_for', ''), _negated=True)), _connector='OR'), name='proof_used_for_something')],
            },
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
