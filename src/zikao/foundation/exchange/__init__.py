"""Signed messages between nodes: outbox, inbox, exactly one effect."""

from zikao.foundation.exchange.faults import BadPackage, MessageTooLarge, UnknownPeer
from zikao.foundation.exchange.handlers import handles, handles_answer
from zikao.foundation.exchange.inbox import receive
from zikao.foundation.exchange.outbox import deliver_pending, send
from zikao.foundation.exchange.states import MessageState

__all__ = [
    "BadPackage",
    "MessageState",
    "MessageTooLarge",
    "UnknownPeer",
    "deliver_pending",
    "handles",
    "handles_answer",
    "receive",
    "send",
]
