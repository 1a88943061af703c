"""What is secret here, where it is sealed, and who saw it."""

from zikao.foundation.secrecy.fields import SealedField, new_ids, sealed_field, sealed_fields

__all__ = ["SealedField", "new_ids", "sealed_field", "sealed_fields"]
