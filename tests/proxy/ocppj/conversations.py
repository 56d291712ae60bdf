"""Conversations under test, and what they want done."""

import itertools
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from oye_proxy.ocppj.authorization import AuthorizationPolicy, Authorizer
from oye_proxy.ocppj.commands import (
    Command,
    InjectionState,
    Peer,
    Progress,
    Record,
    Send,
)
from oye_proxy.ocppj.conversation import Conversation
from oye_proxy.ocppj.id_tag_cache import IdTagCache
from oye_proxy.ocppj.injections import InjectionMemory
from oye_proxy.ocppj.journal.journal import Journal
from oye_proxy.ocppj.standalone import Responder
from oye_proxy.ocppj.versions import OcppVersion

P1 = "7f3a0c1e-0000-4000-8000-000000000001"
P2 = "7f3a0c1e-0000-4000-8000-000000000002"
START = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


def a_conversation(
    *,
    version: OcppVersion | None = OcppVersion.V1_6,
    relay: bool = True,
    memory: InjectionMemory | None = None,
    **options: Any,
) -> Conversation:
    ids = iter(range(1_000_000_000, 1_000_001_000))
    numbers = itertools.count(1)
    conversation = Conversation(
        version=version,
        responder=Responder(Authorizer(IdTagCache(), AuthorizationPolicy()), lambda: next(ids)),
        journal=Journal(),
        memory=memory or InjectionMemory(),
        wall=lambda now: START + timedelta(seconds=now),
        new_id=lambda: str(uuid.UUID(int=next(numbers))),
        **options,
    )
    if relay:
        conversation.csms_opened(0)
    return conversation


def sent(commands: list[Command]) -> list[tuple[Peer, str | bytes]]:
    """What goes onto the wire."""
    return [(command.to, command.data) for command in commands if isinstance(command, Send)]


def progress(commands: list[Command]) -> list[tuple[str, InjectionState]]:
    return [
        (command.message_id, command.state) for command in commands if isinstance(command, Progress)
    ]


def records(commands: list[Command]) -> list[Record]:
    return [command for command in commands if isinstance(command, Record)]
