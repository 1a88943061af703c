"""Law as data and pure rules: clauses, dated rules and parameters, decisions, worked cases, coverage."""

from zikao.foundation.regulation.catalogue import Clause, clause, clause_order, clauses
from zikao.foundation.regulation.dated import Bounds, Parameter, parameter, parameters
from zikao.foundation.regulation.faults import LawError, NotInForce, UnknownClause, UnknownParameter
from zikao.foundation.regulation.findings import Decision, Finding, all_of, decide, granted, refused
from zikao.foundation.regulation.rule import Rule, Version, rule, rules
from zikao.foundation.regulation.texts import fill, in_chinese, refusal_text, refusals

__all__ = [
    "Bounds",
    "Clause",
    "Decision",
    "Finding",
    "LawError",
    "NotInForce",
    "Parameter",
    "Rule",
    "UnknownClause",
    "UnknownParameter",
    "Version",
    "all_of",
    "clause",
    "clause_order",
    "clauses",
    "decide",
    "fill",
    "granted",
    "in_chinese",
    "parameter",
    "parameters",
    "refusal_text",
    "refusals",
    "refused",
    "rule",
    "rules",
]
