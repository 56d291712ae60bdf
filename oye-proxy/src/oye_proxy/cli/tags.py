"""`oye-proxy tags`: the owner's own list of id tags."""

import argparse
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeVar

from oye_proxy.app import database_of, unserved_database_of
from oye_proxy.cli.options import add_command, add_group, add_storage, run_loop, settings_of
from oye_proxy.errors import InvalidRequestError
from oye_proxy.hub.owner_tags import OwnerTags, TagVerdict
from oye_proxy.settings import Settings
from oye_proxy.storage.database import Database
from oye_proxy.storage.tags import TagStore

T = TypeVar("T")


def add_to(commands: Any) -> None:
    """Add the group of commands."""
    tags = add_group(commands, "tags", "id tags that may always charge, or never")
    add_storage(add_command(tags, "list", "list the tags", _list))
    for name, text, run in (
        ("accept", "let a tag always charge; while the proxy is stopped", _accept),
        ("block", "let a tag never charge; while the proxy is stopped", _block),
        ("remove", "take a tag off the list; while the proxy is stopped", _remove),
    ):
        command = add_command(tags, name, text, run)
        command.add_argument("id_tag", metavar="TAG")
        add_storage(command)


def _list(parsed: argparse.Namespace) -> int:
    async def read(tags: OwnerTags) -> OwnerTags:
        return tags

    for tag in _with_tags(parsed, database_of, read).tags:
        print(tag.id_tag, tag.verdict.value, sep="\t")
    return 0


def _accept(parsed: argparse.Namespace) -> int:
    return _put(parsed, TagVerdict.ACCEPTED)


def _block(parsed: argparse.Namespace) -> int:
    return _put(parsed, TagVerdict.BLOCKED)


def _put(parsed: argparse.Namespace, verdict: TagVerdict) -> int:
    now = datetime.now(UTC)
    tag = _with_tags(
        parsed,
        partial(unserved_database_of, create=True),
        lambda tags: tags.put(parsed.id_tag, verdict, now),
    )
    print(f"{tag.id_tag} is {tag.verdict.value}.")
    return 0


def _remove(parsed: argparse.Namespace) -> int:
    if not _with_tags(parsed, unserved_database_of, lambda tags: tags.remove(parsed.id_tag)):
        raise InvalidRequestError(f"{parsed.id_tag} is not on the list")
    print(f"{parsed.id_tag} is off the list.")
    return 0


def _with_tags(
    parsed: argparse.Namespace,
    opened: Callable[[Settings], AbstractAsyncContextManager[Database]],
    work: Callable[[OwnerTags], Awaitable[T]],
) -> T:
    settings = settings_of(parsed)

    async def run() -> T:
        async with opened(settings) as database:
            tags = OwnerTags(TagStore(database))
            await tags.load()
            return await work(tags)

    return run_loop(run())
