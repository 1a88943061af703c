import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exchange", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="PeerKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("sign", "签名"), ("envelope", "加密")], max_length=8)),
                ("key_id", models.CharField(max_length=16)),
                ("pem", models.TextField()),
                ("since_at", models.DateTimeField()),
                ("until_at", models.DateTimeField(null=True)),
                (
                    "peer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="keys", to="exchange.peer"
                    ),
                ),
            ],
            options={"ordering": ["id"]},
        ),
        migrations.AddConstraint(
            model_name="peerkey",
            constraint=models.UniqueConstraint(fields=("peer", "kind", "key_id"), name="exchange_peer_key_once"),
        ),
        migrations.AddConstraint(
            model_name="peerkey",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until_at", None)), fields=("peer", "kind"), name="exchange_peer_one_key_in_use"
            ),
        ),
        migrations.AddField("peer", "knows_key", models.CharField(blank=True, db_default="", max_length=8)),
        migrations.RemoveField("peer", "public_key_pem"),
        migrations.AddField("outbox", "signed_with", models.CharField(db_default="", max_length=8)),
    ]
