"""Three nodes in one process and one database, each with its own code and keys: two provinces and the centre."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path

import httpx
import pytest
from django.conf import settings
from django.test import override_settings

from tests.factories.actors import the_node
from zikao.foundation import crypto, exchange
from zikao.foundation.exchange import outbox
from zikao.foundation.exchange.commands import add_peer

CENTRE, HERE, THERE = "national", "province:32", "province:33"


class Nodes:
    """The nodes and the wire between them. Jiangsu is the test's own node, so that its stored files stay readable."""

    def __init__(self, directory: Path, at: datetime, patch: pytest.MonkeyPatch) -> None:
        self.directory, self.own_keys, self.now = directory, settings.ZIKAO_KEYS, at
        for node in (CENTRE, HERE, THERE):
            if node != HERE:
                crypto.create_keys(directory / node.replace(":", "-"))
            with self.at(node):
                key, envelope_key = crypto.public_key_pem(), crypto.envelope_key_pem()
            url = f"https://{node.replace(':', '-')}.test"
            add_peer(code=node, url=url, public_key_pem=key, envelope_key_pem=envelope_key, by=the_node(), at=at)
        patch.setattr(outbox, "post", self._post)

    def at(self, node: str) -> AbstractContextManager[None]:
        """Be this node for a while."""
        keys = self.own_keys if node == HERE else self.directory / node.replace(":", "-")
        kind, _, code = node.partition(":")
        return override_settings(ZIKAO_NODE=node, ZIKAO_NODE_KIND=kind, ZIKAO_NODE_CODE=code, ZIKAO_KEYS=keys)

    def deliver(self, node: str, at: datetime) -> int:
        """Send what this node has to send; the number of answers."""
        self.now = at
        with self.at(node):
            return exchange.deliver_pending(at)

    def _post(self, url: str, package: bytes) -> bytes:
        host = httpx.URL(url).host.removesuffix(".test")
        node = host.replace("-", ":")
        with self.at(node):
            return exchange.receive(package, self.now)
