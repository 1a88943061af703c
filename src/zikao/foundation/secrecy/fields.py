"""The register of sealed columns: what stands in them, and the place that each value is bound to.

    ID_NUMBER = sealed_field("candidates.Candidate", "id_number_sealed", title="身份证件号码", index="id_number_index")

    candidate_id = new_ids(Candidate)[0]
    Candidate(id=candidate_id, id_number_sealed=ID_NUMBER.seal(number, candidate_id), ...)
    ID_NUMBER.text(candidate)

The place is table, column and the row's own key, so a value that is copied into another row or column does not open.
Every binary column named `*_sealed` is registered, every one named `*_index` belongs to one (a test holds to it).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, models

from zikao.foundation import crypto


@dataclass(frozen=True)
class SealedField:
    """One sealed column; `bound_to` names the columns that are the row's key and never change."""

    model: str
    column: str
    title: str
    bound_to: tuple[str, ...] = ("id",)
    index: str | None = None

    @property
    def name(self) -> str:
        """As the ledger and addresses write it: "candidates.candidate.id_number_sealed"."""
        return f"{self.model.lower()}.{self.column}"

    @property
    def model_class(self) -> type[models.Model]:
        """The model that the column belongs to."""
        return apps.get_model(self.model)

    def place(self, *key: object) -> bytes:
        """The bytes that a value is bound to, from the row's key."""
        return f"{self.name}:{'/'.join(map(str, key))}".encode()

    def place_of(self, row: Any) -> bytes:
        """The place of a row that is there."""
        return self.place(*(getattr(row, name) for name in self.bound_to))

    def seal(self, value: str | bytes, *key: object) -> bytes:
        """The value as it is stored in the row of this key."""
        return crypto.seal(value, self.place(*key))

    def content(self, row: Any) -> bytes:
        """The bytes in clear. Raises SealBroken where they come from another row, KeysMissing."""
        return crypto.unseal(getattr(row, self.column), self.place_of(row))

    def text(self, row: Any) -> str:
        """The text in clear; empty where the row holds none."""
        return self.content(row).decode() if getattr(row, self.column) else ""


_fields: dict[str, SealedField] = {}


def sealed_field(
    model: str, column: str, *, title: str, bound_to: tuple[str, ...] = ("id",), index: str | None = None
) -> SealedField:
    """Register a sealed column ("candidates.Candidate", "phone_sealed"); `index` is its keyed index's column."""
    field = SealedField(model, column, title, bound_to, index)
    if _fields.setdefault(field.name, field) != field:
        raise ValueError(f"{field.name} is registered twice")
    return field


def sealed_fields() -> list[SealedField]:
    """Every sealed column of the house that has a table here, by name."""
    return [_fields[name] for name in sorted(_fields)]


def new_ids(model: type[models.Model], count: int = 1) -> list[int]:
    """Take row ids before the rows are written, because what they hold is bound to them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [row[0] for row in cursor.fetchall()]


# what rooms below this one seal, by the same place
TOTP_SECRET = sealed_field("access.TotpDevice", "secret_sealed", title="动态码密钥", bound_to=("account_id",))
