"""`oye-proxy users` and `oye-proxy tokens`: who may use the API."""

import argparse
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from oye_proxy.accounts import Accounts, Scope
from oye_proxy.app import accounts_of, database_of
from oye_proxy.cli.options import (
    add_command,
    add_group,
    add_storage,
    ask_password,
    run_loop,
    settings_of,
)

T = TypeVar("T")


def add_to(commands: Any) -> None:
    """Add both groups of commands."""
    users = add_group(commands, "users", "who may sign in")
    for name, text, run in (
        ("add", "add a user; the password is asked for", _add_user),
        ("passwd", "set a user's password", _set_password),
        ("remove", "remove a user", _remove_user),
    ):
        command = add_command(users, name, text, run)
        command.add_argument("username")
        add_storage(command)
    add_storage(add_command(users, "list", "list the users", _list_users))

    tokens = add_group(commands, "tokens", "API tokens")
    add = add_command(tokens, "add", "make a token; it is shown once", _add_token)
    add.add_argument("name")
    add.add_argument("--scope", choices=[scope.value for scope in Scope], default="control")
    add_storage(add)
    add_storage(add_command(tokens, "list", "list the tokens", _list_tokens))
    revoke = add_command(tokens, "revoke", "end a token", _revoke_token)
    revoke.add_argument("id", type=int)
    add_storage(revoke)


def _add_user(parsed: argparse.Namespace) -> int:
    password = ask_password()
    _with_accounts(
        parsed, lambda accounts: accounts.add_user(parsed.username, password), create=True
    )
    print(f"User {parsed.username} added.")
    return 0


def _set_password(parsed: argparse.Namespace) -> int:
    password = ask_password()
    _with_accounts(parsed, lambda accounts: accounts.set_password(parsed.username, password))
    print(f"Password of {parsed.username} changed.")
    return 0


def _remove_user(parsed: argparse.Namespace) -> int:
    _with_accounts(parsed, lambda accounts: accounts.remove_user(parsed.username))
    print(f"User {parsed.username} removed.")
    return 0


def _list_users(parsed: argparse.Namespace) -> int:
    for user in _with_accounts(parsed, lambda accounts: accounts.users()):
        print(user.username, user.created_at.isoformat(), sep="\t")
    return 0


def _add_token(parsed: argparse.Namespace) -> int:
    scope = Scope(parsed.scope)
    _, token = _with_accounts(
        parsed, lambda accounts: accounts.add_token(parsed.name, scope), create=True
    )
    print(token)
    return 0


def _list_tokens(parsed: argparse.Namespace) -> int:
    for token in _with_accounts(parsed, lambda accounts: accounts.tokens()):
        used = token.last_used.isoformat() if token.last_used is not None else "never used"
        print(token.id, token.name, token.scope, used, sep="\t")
    return 0


def _revoke_token(parsed: argparse.Namespace) -> int:
    _with_accounts(parsed, lambda accounts: accounts.revoke_token(parsed.id))
    print(f"Token {parsed.id} revoked.")
    return 0


def _with_accounts(
    parsed: argparse.Namespace,
    use: Callable[[Accounts], Awaitable[T]],
    *,
    create: bool = False,
) -> T:
    settings = settings_of(parsed)

    async def run() -> T:
        opened = database_of(settings, create=create)
        async with opened as database, accounts_of(database) as accounts:
            return await use(accounts)

    return run_loop(run())
