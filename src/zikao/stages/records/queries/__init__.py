"""Records, what is in them, and how far they are."""

from zikao.stages.records.queries.progress import held_by, plan_fact
from zikao.stages.records.queries.records import certificates_of, own_record, record, records

__all__ = ["certificates_of", "held_by", "own_record", "plan_fact", "record", "records"]
