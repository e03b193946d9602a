from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Tag",
            fields=[("name", models.TextField(primary_key=True, serialize=False))],
            options={"ordering": ["name"]},
        ),
    ]
