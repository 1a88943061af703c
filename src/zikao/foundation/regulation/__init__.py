"""Law as data and pure rules: clauses, dated rules and parameters, decisions, worked cases, coverage."""

from zikao.foundation.regulation.catalogue import Clause, clause, clause_order, clauses, stages
from zikao.foundation.regulation.dated import Bounds, Parameter, parameter, parameters
from zikao.foundation.regulation.discovery import load_rules
from zikao.foundation.regulation.faults import LawError, NotInForce, UnknownClause, UnknownParameter
from zikao.foundation.regulation.findings import Decision, Finding, all_of, decide, granted, refused
from zikao.foundation.regulation.register import Claim, Cover, coverage, coverage_problems
from zikao.foundation.regulation.schedule import Keeping, retention_schedule
from zikao.foundation.regulation.terms import Term, glossary, glossary_markdown
from zikao.foundation.regulation.texts import fill, in_chinese, refusal_text, refusals
from zikao.foundation.regulation.versions import Rule, Version, rule, rules
from zikao.foundation.regulation.violation_codes import Consequence, ViolationCode, violation_codes
from zikao.foundation.regulation.worked import WorkedCase, cases, check_case

__all__ = [
    "Bounds",
    "Claim",
    "Clause",
    "Consequence",
    "Cover",
    "Decision",
    "Finding",
    "Keeping",
    "LawError",
    "NotInForce",
    "Parameter",
    "Rule",
    "Term",
    "UnknownClause",
    "UnknownParameter",
    "Version",
    "ViolationCode",
    "WorkedCase",
    "all_of",
    "cases",
    "check_case",
    "clause",
    "clause_order",
    "clauses",
    "coverage",
    "coverage_problems",
    "decide",
    "fill",
    "glossary",
    "glossary_markdown",
    "granted",
    "in_chinese",
    "load_rules",
    "parameter",
    "parameters",
    "refusal_text",
    "refusals",
    "refused",
    "retention_schedule",
    "rule",
    "rules",
    "stages",
    "violation_codes",
]
