"""`python -m zikao.node.readying [migrate]`: what a node's database and static files need before it is served.

One process for both, because starting Django takes longer than copying the files does.
"""

from __future__ import annotations

import sys

import django
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ModelState, ProjectState


def main(wanted: list[str]) -> int:
    """Run the migrations where that is asked for (as the owner, whom the environment names), then gather the files."""
    django.setup()
    if "migrate" in wanted:
        if not MigrationRecorder(connection).applied_migrations():
            ProjectState.add_model = _add_model  # type: ignore[method-assign]
        call_command("migrate", interactive=False, verbosity=0, skip_checks=True)
    call_command("collectstatic", interactive=False, verbosity=0, skip_checks=True)
    return 0


def _add_model(self: ProjectState, model_state: ModelState) -> None:
    """Add a model to an empty database's state without making every model anew that is related to it, however far.

    Django does that so that relations look back at the new model; nothing in a first migration looks. It is two
    thirds of the time otherwise. `tests/node/test_cli.py` compares the schema with one made by Django alone.
    """
    key = model_state.app_label, model_state.name_lower
    self.models[key] = model_state
    if self._relations is not None:  # type: ignore[attr-defined]
        self.resolve_model_relations(key)
    if "apps" in self.__dict__:
        self.apps.render_multiple([model_state])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
