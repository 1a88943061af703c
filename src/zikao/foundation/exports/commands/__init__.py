"""Every write of an export: asked for, made, collected, expired, traced."""

from zikao.foundation.exports.commands.asking import Request, request_export
from zikao.foundation.exports.commands.collecting import collect_copy, expire_exports, trace_leak
from zikao.foundation.exports.commands.making import MadeCopy, record_made, refuse_export

__all__ = [
    "MadeCopy",
    "Request",
    "collect_copy",
    "expire_exports",
    "record_made",
    "refuse_export",
    "request_export",
    "trace_leak",
]
