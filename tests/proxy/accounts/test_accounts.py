import asyncio

import pytest
from tests.proxy.accounts.conftest import HOME, STRANGER, Clock, CountingPasswords

from oye_proxy.accounts import Accounts, Passwords, Principal, Scope
from oye_proxy.accounts import accounts as module
from oye_proxy.errors import (
    ConflictError,
    InvalidRequestError,
    NotAuthenticatedError,
    SettingsError,
    TooManyRequestsError,
)
from oye_proxy.settings import Secret
from oye_proxy.storage.database import Database
from oye_proxy.storage.tokens import TokenStore
from oye_proxy.storage.users import UserStore


async def fail(accounts: Accounts, times: int, name: str = "jo", client: str = STRANGER) -> None:
    for number in range(times):
        with pytest.raises(NotAuthenticatedError, match=r"^Invalid credentials$"):
            await accounts.sign_in(name, f"wrong {number}", client)


async def test_a_user_signs_in_by_name_and_password(accounts: Accounts) -> None:
    assert Principal("jo", Scope.ADMIN, "user") == (
        await accounts.sign_in("jo", "correct horse", HOME)
    )
    await fail(accounts, 1)
    for name, password in (("jo", ""), ("JO", "correct horse"), ("", ""), ("a\0\ud800", "\ud800")):
        with pytest.raises(NotAuthenticatedError):
            await accounts.sign_in(name, password, HOME)


@pytest.mark.parametrize("password", ["with:colons:in it", "pässwörd ✓", "x" * 1024])
async def test_any_password_works(accounts: Accounts, password: str) -> None:
    await accounts.add_user("an", password)

    assert "an" == (await accounts.sign_in("an", password, HOME)).name
    with pytest.raises(NotAuthenticatedError):
        await accounts.sign_in("an", password + "x", HOME)


async def test_an_unknown_user_costs_the_same(
    accounts: Accounts, passwords: CountingPasswords
) -> None:
    await fail(accounts, 1, name="nobody")

    assert 1 == passwords.checks


async def test_a_right_pair_is_remembered_for_five_minutes(
    accounts: Accounts, passwords: CountingPasswords, clock: Clock
) -> None:
    for _ in range(3):
        await accounts.sign_in("jo", "correct horse", HOME)
    clock.now += 299
    await accounts.sign_in("jo", "correct horse", HOME)
    assert 1 == passwords.checks

    clock.now += 2
    await accounts.sign_in("jo", "correct horse", HOME)
    assert 2 == passwords.checks


async def test_requests_at_once_share_one_check(
    accounts: Accounts, passwords: CountingPasswords
) -> None:
    signed_in = await asyncio.gather(
        *(accounts.sign_in("jo", "correct horse", HOME) for _ in range(50))
    )

    assert {"jo"} == {principal.name for principal in signed_in}
    assert 1 == passwords.checks


async def test_strangers_at_many_addresses_cannot_queue_without_end(
    accounts: Accounts, passwords: CountingPasswords
) -> None:
    """No address has failed often, and yet those who wait for a check are few."""
    await accounts.sign_in("jo", "correct horse", HOME)
    passwords.may_check.clear()
    guesses = [
        asyncio.ensure_future(accounts.sign_in(f"user{number}", "wrong", f"192.0.2.{number}"))
        for number in range(module.MOST_CHECKS + 1)
    ]
    finished, waiting = await asyncio.wait(guesses, return_when=asyncio.FIRST_COMPLETED)
    known = await accounts.sign_in("jo", "correct horse", HOME)
    passwords.may_check.set()
    answers = await asyncio.gather(*waiting, return_exceptions=True)

    assert [TooManyRequestsError] == [type(one.exception()) for one in finished]
    assert [NotAuthenticatedError] * module.MOST_CHECKS == [type(one) for one in answers]
    assert "jo" == known.name


async def test_a_cancelled_request_does_not_end_the_check_of_others(accounts: Accounts) -> None:
    first = asyncio.ensure_future(accounts.sign_in("jo", "correct horse", HOME))
    second = asyncio.ensure_future(accounts.sign_in("jo", "correct horse", HOME))
    while not accounts._checking:  # noqa: ASYNC110 - nothing tells of it
        await asyncio.sleep(0)
    first.cancel()

    assert "jo" == (await second).name


async def test_a_remembered_pair_is_forgotten_when_the_account_changes(
    accounts: Accounts, database: Database, passwords: CountingPasswords
) -> None:
    """Also when another process changed it, as `oye-proxy users passwd` does."""
    await accounts.sign_in("jo", "correct horse", HOME)
    other = Accounts(UserStore(database), TokenStore(database), passwords)
    await other.set_password("jo", "battery staple")

    with pytest.raises(NotAuthenticatedError):
        await accounts.sign_in("jo", "correct horse", HOME)
    assert "jo" == (await accounts.sign_in("jo", "battery staple", HOME)).name

    await accounts.add_user("an", "correct horse")
    await other.remove_user("jo")
    with pytest.raises(NotAuthenticatedError):
        await accounts.sign_in("jo", "battery staple", HOME)


async def test_after_ten_failures_a_client_waits_longer_each_time(
    accounts: Accounts, clock: Clock
) -> None:
    await fail(accounts, 10)
    waits = []
    for _ in range(3):
        with pytest.raises(TooManyRequestsError) as caught:
            await accounts.sign_in("jo", "wrong", STRANGER)
        waits.append(caught.value.retry_after)
        clock.now += caught.value.retry_after
        await fail(accounts, 1)

    assert [1.0, 2.0, 4.0] == waits


async def test_other_clients_are_let_in_soon_and_remembered_pairs_at_once(
    accounts: Accounts, clock: Clock
) -> None:
    """A stranger cannot lock a user out for long."""
    await accounts.sign_in("jo", "correct horse", HOME)
    for number in range(40):
        await fail(accounts, 1, client=f"203.0.113.{number}")
        clock.now += 60
        if number < 4:
            await accounts.sign_in("jo", "correct horse", HOME)

    clock.now -= 60
    with pytest.raises(TooManyRequestsError) as caught:
        await accounts.sign_in("jo", "correct horse", "192.168.1.3")
    assert 60 == caught.value.retry_after

    clock.now += 60
    await accounts.sign_in("jo", "correct horse", "192.168.1.3")


async def test_success_forgets_the_failures(accounts: Accounts) -> None:
    await fail(accounts, 9)
    await accounts.sign_in("jo", "correct horse", STRANGER)
    await fail(accounts, 10)


async def test_attempts_at_once_count_before_they_have_failed(accounts: Accounts) -> None:
    outcomes = await asyncio.gather(
        *(accounts.sign_in("jo", f"wrong {number}", STRANGER) for number in range(30)),
        return_exceptions=True,
    )

    assert 10 == sum(isinstance(outcome, NotAuthenticatedError) for outcome in outcomes)
    assert 20 == sum(isinstance(outcome, TooManyRequestsError) for outcome in outcomes)


async def test_memory_of_pairs_is_bounded(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_MAX_REMEMBERED", 2)
    for number in range(4):
        await accounts.add_user(f"user {number}", "correct horse")
        await accounts.sign_in(f"user {number}", "correct horse", HOME)

    assert 2 == len(accounts._remembered)
    assert "correct horse" not in repr(accounts._remembered)


async def test_the_first_user_is_made_once_with_a_random_password(
    database: Database, passwords: Passwords
) -> None:
    accounts = Accounts(UserStore(database), TokenStore(database), passwords)
    made = await accounts.first_user(None)

    assert made is not None
    name, password = made
    assert "admin" == name
    assert password is not None
    assert 16 == len(password)
    assert password.isalnum()
    assert "admin" == (await accounts.sign_in(name, password, HOME)).name
    assert await accounts.first_user(None) is None


async def test_the_first_user_takes_the_given_password_and_does_not_show_it(
    database: Database, passwords: Passwords
) -> None:
    accounts = Accounts(UserStore(database), TokenStore(database), passwords)

    with pytest.raises(SettingsError, match=r"api\.initial_admin_password: must be at least 8"):
        await accounts.first_user(Secret("short"))
    assert ("admin", None) == await accounts.first_user(Secret("correct horse"))
    assert "admin" == (await accounts.sign_in("admin", "correct horse", HOME)).name
    assert await accounts.first_user(Secret("short")) is None


@pytest.mark.parametrize("name", ["", "a:b", "a\n", "x" * 65])
async def test_bad_names_are_refused(accounts: Accounts, name: str) -> None:
    with pytest.raises(InvalidRequestError, match="a user name has 1 to 64 printable"):
        await accounts.add_user(name, "correct horse")


async def test_users_are_added_and_removed_but_not_the_last(accounts: Accounts) -> None:
    with pytest.raises(ConflictError, match="there is already a user 'jo'"):
        await accounts.add_user("jo", "correct horse")
    with pytest.raises(InvalidRequestError, match="must be at least 8 characters long"):
        await accounts.add_user("an", "1234567")
    with pytest.raises(InvalidRequestError, match="must be at most 1024 bytes long"):
        await accounts.add_user("an", "é" * 513)
    with pytest.raises(ConflictError, match="the last user cannot be removed"):
        await accounts.remove_user("jo")
    with pytest.raises(InvalidRequestError, match="there is no user 'an'"):
        await accounts.remove_user("an")
    with pytest.raises(InvalidRequestError, match="there is no user 'an'"):
        await accounts.set_password("an", "correct horse")

    await accounts.add_user("an", "correct horse")
    await accounts.remove_user("jo")

    assert ["an"] == [user.username for user in await accounts.users()]


async def test_a_password_is_changed_by_who_knows_it(accounts: Accounts) -> None:
    """Sentences of the Node oye-proxy."""
    for current, new, sentence in (
        ("", "battery staple", "Current password and new password are required"),
        ("correct horse", "", "Current password and new password are required"),
        ("correct horse", "1234567", "New password must be at least 8 characters long"),
        ("wrong", "battery staple", "Current password is incorrect"),
    ):
        with pytest.raises(InvalidRequestError) as caught:
            await accounts.change_password("jo", current, new, HOME)
        assert sentence == str(caught.value)

    await accounts.change_password("jo", "correct horse", "battery staple", HOME)

    assert "jo" == (await accounts.sign_in("jo", "battery staple", HOME)).name


async def test_a_token_signs_in_with_its_scope_until_it_is_revoked(accounts: Accounts) -> None:
    row, token = await accounts.add_token(" Home Assistant ", Scope.CONTROL)

    assert token.startswith("oye_")
    assert 4 + 43 == len(token)
    assert Principal("Home Assistant", Scope.CONTROL, "token") == (
        await accounts.sign_in_with_token(token, HOME)
    )

    await accounts.revoke_token(row.id)

    with pytest.raises(NotAuthenticatedError):
        await accounts.sign_in_with_token(token, HOME)
    with pytest.raises(InvalidRequestError, match="there is no token 1"):
        await accounts.revoke_token(row.id)


async def test_tokens_are_stored_as_hashes(accounts: Accounts) -> None:
    _, token = await accounts.add_token("HA", Scope.READ)

    assert token not in repr(await accounts.tokens())


async def test_guessing_tokens_is_limited_for_the_client(accounts: Accounts) -> None:
    _, token = await accounts.add_token("HA", Scope.READ)
    for number in range(10):
        with pytest.raises(NotAuthenticatedError):
            await accounts.sign_in_with_token(f"oye_{number}\ud800", STRANGER)

    with pytest.raises(TooManyRequestsError):
        await accounts.sign_in_with_token("oye_", STRANGER)
    assert "HA" == (await accounts.sign_in_with_token(token, STRANGER)).name
    assert "jo" == (await accounts.sign_in("jo", "correct horse", STRANGER)).name


async def test_the_last_use_of_a_token_is_written_seldom(
    accounts: Accounts, database: Database, clock: Clock
) -> None:
    _, token = await accounts.add_token("HA", Scope.READ)
    store = TokenStore(database)
    await accounts.sign_in_with_token(token, HOME)
    told = [row.last_used for row in await accounts.tokens()]

    assert [None] == [row.last_used for row in await store.all()]
    assert [None] != told

    clock.now += 61
    await accounts.sign_in_with_token(token, HOME)
    await accounts.close()
    assert [None] != [row.last_used for row in await store.all()]


@pytest.mark.parametrize("name", ["", "  ", "a\tb", "x" * 65])
async def test_bad_names_of_tokens_are_refused(accounts: Accounts, name: str) -> None:
    with pytest.raises(InvalidRequestError, match="the name of a token has 1 to 64 printable"):
        await accounts.add_token(name, Scope.READ)


def test_scopes_include_those_before() -> None:
    included = {
        (mine.value, needed.value) for mine in Scope for needed in Scope if mine.includes(needed)
    }

    assert {
        ("read", "read"),
        ("control", "read"),
        ("control", "control"),
        ("admin", "read"),
        ("admin", "control"),
        ("admin", "admin"),
    } == included


async def test_a_token_is_known_until_it_is_revoked(accounts: Accounts) -> None:
    row, token = await accounts.add_token("Home Assistant", Scope.CONTROL)
    before = await accounts.knows_token(token)
    await accounts.revoke_token(row.id)

    assert (True, False) == (before, await accounts.knows_token(token))


async def test_who_is_disabled_does_not_come_in_and_hears_no_more_than_a_stranger(
    accounts: Accounts,
) -> None:
    await accounts.add_user("an", "battery staple")
    await accounts.sign_in("jo", "correct horse", HOME)
    await accounts.change_user("jo", disabled=True)

    with pytest.raises(NotAuthenticatedError, match=r"^Invalid credentials$"):
        await accounts.sign_in("jo", "correct horse", HOME)
    await accounts.change_user("jo", disabled=False)
    assert "jo" == (await accounts.sign_in("jo", "correct horse", HOME)).name


async def test_somebody_can_always_sign_in(accounts: Accounts) -> None:
    await accounts.add_user("an", "battery staple")
    await accounts.change_user("an", disabled=True)

    with pytest.raises(ConflictError, match=r"^the last user cannot be disabled$"):
        await accounts.change_user("jo", disabled=True)
    with pytest.raises(ConflictError, match=r"^the last user cannot be removed$"):
        await accounts.remove_user("jo")
    await accounts.remove_user("an")


@pytest.mark.parametrize("address", ["jo", "@", "jo@", "a b@c", "jo@x\r\nBcc: b@c", "a@b@c", ""])
async def test_what_is_no_address_is_refused(accounts: Accounts, address: str) -> None:
    with pytest.raises(InvalidRequestError, match="e-mail address"):
        await accounts.change_user("jo", email=address)
    with pytest.raises(InvalidRequestError, match="e-mail address"):
        await accounts.add_user("an", "battery staple", address)


async def test_users_tell_address_and_last_login(accounts: Accounts) -> None:
    await accounts.change_user("jo", email="jo@example.org", language="de")
    (before,) = await accounts.users()
    await accounts.sign_in("jo", "correct horse", HOME)
    (after,) = await accounts.users()

    assert ("jo@example.org", "de", None) == (before.email, before.language, before.last_login)
    assert after.last_login is not None


async def test_a_login_is_told_as_soon_as_it_has_happened(
    accounts: Accounts, database: Database
) -> None:
    """Before it is written, which no request waits for."""
    await accounts.sign_in("jo", "correct horse", HOME)
    (told,) = await accounts.users()
    (stored,) = await UserStore(database).all()

    assert stored.last_login is None
    assert told.last_login is not None


async def test_who_is_unknown_cannot_be_changed(accounts: Accounts) -> None:
    for name in ("an", "a\0"):
        with pytest.raises(InvalidRequestError, match="there is no user"):
            await accounts.change_user(name, disabled=True)
        with pytest.raises(InvalidRequestError, match="there is no user"):
            await accounts.set_password(name, "battery staple")


async def test_a_generated_password_is_told_until_a_person_chose_one(
    database: Database, passwords: Passwords
) -> None:
    accounts = Accounts(UserStore(database), TokenStore(database), passwords)
    await accounts.first_user(None)
    (made,) = await accounts.users()
    await accounts.set_password("admin", "battery staple")
    (chosen,) = await accounts.users()

    assert (True, False) == (made.generated_password, chosen.generated_password)
