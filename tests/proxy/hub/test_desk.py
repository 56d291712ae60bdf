"""The desk: an owner's command is checked, stored, sent, followed, and sent once per key."""

import asyncio
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from tests.proxy.hub.conftest import (
    OWNER,
    START,
    Live,
    World,
    boot,
    break_database,
    charger_of,
    locked,
    mend_database,
    until,
)

from oye_proxy.errors import (
    ChargerNotConnectedError,
    ChargerReadOnlyError,
    ConfirmationRequiredError,
    ConflictError,
    InjectionAbortedError,
    InjectionRejectedError,
    NotSupportedError,
    StorageError,
    TooManyRequestsError,
)
from oye_proxy.hub import desk as desk_module
from oye_proxy.hub.desk import REMEMBERED
from oye_proxy.hub.injections import Injection
from oye_proxy.ocppj.commands import FollowUp, InjectionState, Progress
from oye_proxy.ocppj.id_tag_cache import IdTag
from oye_proxy.ocppj.modes import Mode
from oye_proxy.ocppj.versions import OcppVersion
from oye_proxy.settings import OcppSettings
from oye_proxy.simulator.scripted import ScriptedCharger, ScriptedCsms
from oye_proxy.storage.injections import InjectionRow


async def rows(world: World) -> list[InjectionRow]:
    await world.settle()
    return await world.injections.recent(START - timedelta(days=1))


async def reset(world: World, key: str | None = None) -> Injection:
    return await world.hub.inject(
        "CP1", "Reset", {"type": "Soft"}, origin=OWNER, idempotency_key=key
    )


async def clear(world: World, key: str | None = None) -> Injection:
    return await world.hub.inject("CP1", "ClearCache", {}, origin=OWNER, idempotency_key=key)


async def test_an_injection_is_sent_and_its_answer_returned(world: World) -> None:
    async with await world.connect() as charger:
        injection = await clear(world)
        await charger.answer_next({"status": "Accepted"}, "ClearCache")
        outcome = await injection.outcome(5)

    assert ({"status": "Accepted"}, True) == (outcome.payload, outcome.accepted)


async def test_the_id_is_on_disk_before_the_call_is_sent(world: World) -> None:
    """So that its answer is ours after a restart, too (promise 3)."""
    async with await world.connect() as charger:
        bridge = charger_of(world).bridge
        assert bridge is not None
        await world.settle()
        async with locked(world):
            adding = asyncio.ensure_future(clear(world))
            await until(lambda: bool(world.desk._injections))
            await world.injections.recent(START)
            sent_too_early = bridge.frames_out
        await adding
        await charger.receive_call("ClearCache")

    assert 0 == sent_too_early


async def test_every_step_is_stored(world: World) -> None:
    async with await world.connect() as charger:
        injection = await clear(world)
        await charger.answer_next({"status": "Rejected"}, "ClearCache")
        await injection.outcome(5)
        row = (await rows(world))[0]

    assert InjectionState.ANSWERED is row.state
    assert ("admin", "owner", False) == (row.user, row.kind, row.accepted)
    assert {"status": "Rejected"} == msgspec.json.decode(row.response or "")
    assert row.sent_at is not None
    assert row.settled_at is not None


async def test_an_unknown_charger_is_not_connected(world: World) -> None:
    with pytest.raises(ChargerNotConnectedError):
        await clear(world)


async def test_a_charger_that_left_is_not_connected(world: World) -> None:
    async with await world.connect() as charger:
        await charger.close()
        await until(lambda: charger_of(world).bridge is None)

        with pytest.raises(ChargerNotConnectedError):
            await clear(world)


async def test_what_can_lock_out_needs_a_confirmation(world: World) -> None:
    payload = {"key": "AuthorizationKey", "value": "00112233445566778899aabbccddeeff"}
    async with await world.connect() as charger:
        with pytest.raises(ConfirmationRequiredError):
            await world.hub.inject("CP1", "ChangeConfiguration", payload, origin=OWNER)
        await world.hub.inject("CP1", "ChangeConfiguration", payload, origin=OWNER, confirm=True)
        call = await charger.receive_call("ChangeConfiguration")

    assert payload == call.payload


async def test_the_security_profile_of_a_charger_only_rises(world: World) -> None:
    """Whoever confirms it (SW A05.FR.01); what it is, the charger told."""
    lower = {"key": "SecurityProfile", "value": "1"}
    told = {"configurationKey": [{"key": "SecurityProfile", "readonly": False, "value": "2"}]}
    async with await world.connect() as charger:
        asked = await world.hub.inject("CP1", "GetConfiguration", {}, origin=OWNER)
        await charger.answer_next(told, "GetConfiguration")
        await asked.outcome(5)
        for typed in (False, True):
            with pytest.raises(ConflictError, match="only rises"):
                await world.hub.inject(
                    "CP1", "ChangeConfiguration", lower, origin=OWNER, confirm=True, typed=typed
                )
        higher = {"key": "SecurityProfile", "value": "3"}
        await world.hub.inject("CP1", "ChangeConfiguration", higher, origin=OWNER, confirm=True)
        call = await charger.receive_call("ChangeConfiguration")

    assert higher == call.payload


async def test_typed_dangerous_commands_pass_once_a_minute(world: World) -> None:
    async with await world.connect() as charger:
        hard = {"type": "Hard"}
        await world.hub.inject("CP1", "Reset", hard, origin=OWNER, typed=True, confirm=True)
        await charger.answer_next({"status": "Accepted"}, "Reset")

        with pytest.raises(TooManyRequestsError):
            await world.hub.inject("CP1", "Reset", hard, origin=OWNER, typed=True, confirm=True)


async def test_so_many_a_minute_and_no_more(live: Live) -> None:
    world = await live(ocpp=OcppSettings(injections_per_minute=2))
    async with await world.connect():
        await clear(world)
        world.now += timedelta(seconds=20)
        await clear(world)
        with pytest.raises(TooManyRequestsError) as refusal:
            await clear(world)
        world.now += timedelta(seconds=40)
        await clear(world)

    assert 40 == refusal.value.retry_after


async def test_a_refused_command_was_not_sent_and_is_stored_as_aborted(world: World) -> None:
    await world.state.update(csms_url="ws://127.0.0.1:1/ocpp", forwarding=True)
    async with await world.connect():
        await world.hub.policies.set_mode("CP1", Mode.MONITOR)
        with pytest.raises(ChargerReadOnlyError):
            await clear(world, "key")
        stored = [row.state for row in await rows(world)]
        await world.hub.policies.set_mode("CP1", Mode.FORWARD)
        again = await clear(world, "key")

    assert [InjectionState.ABORTED] == stored
    assert again.state is not InjectionState.QUEUED


class TestIdempotency:
    """A key returns the first outcome for 24 h, and is consumed when the CALL was sent (6.1)."""

    async def test_the_same_key_sends_once(self, world: World) -> None:
        async with await world.connect() as charger:
            first = await clear(world, "key")
            second = await clear(world, "key")
            await charger.answer_next({"status": "Accepted"}, "ClearCache")
            await second.outcome(5)

        assert first is second
        assert 1 == len(await rows(world))

    @pytest.mark.parametrize(
        ("action", "payload"), [("ClearCache", {"key": "other"}), ("Reset", {"type": "Hard"})]
    )
    async def test_the_key_of_another_command_is_refused(
        self, world: World, action: str, payload: dict[str, str]
    ) -> None:
        """The first one's outcome would pass for that of this one, which was never sent."""
        async with await world.connect():
            await clear(world, "key")
            with pytest.raises(ConflictError, match="Idempotency-Key"):
                await world.hub.inject("CP1", action, payload, origin=OWNER, idempotency_key="key")

        assert 1 == len(await rows(world))

    async def test_the_key_of_another_command_is_refused_after_a_restart(self, live: Live) -> None:
        world = await live()
        async with await world.connect():
            await reset(world, "key")
        await world.settle()
        second_life = await live()
        async with await second_life.connect():
            with pytest.raises(ConflictError):
                await clear(second_life, "key")
            with pytest.raises(ConflictError):
                await second_life.hub.inject(
                    "CP1", "Reset", {"type": "Hard"}, origin=OWNER, idempotency_key="key"
                )
            again = await reset(second_life, "key")

        assert again.state is not InjectionState.QUEUED

    async def test_an_id_that_was_added_makes_no_other_command_of_it(self, world: World) -> None:
        """A payload without `requestId` is completed before it is sent."""
        report = {"reportBase": "FullInventory"}

        async def ask() -> Injection:
            return await world.hub.inject(
                "CP1", "GetBaseReport", report, origin=OWNER, idempotency_key="key"
            )

        async with await world.connect():
            first = await ask()
            second = await ask()

        assert first is second

    async def test_two_callers_at_once_send_once(self, world: World) -> None:
        async with await world.connect() as charger:
            first, second = await asyncio.gather(clear(world, "key"), clear(world, "key"))
            await charger.answer_next({"status": "Accepted"}, "ClearCache")
            await first.outcome(5)

        assert first is second

    async def test_chargers_have_keys_of_their_own(self, world: World) -> None:
        async with await world.connect(), await world.connect("CP2"):
            first = await clear(world, "key")
            other = await world.hub.inject(
                "CP2", "ClearCache", {}, origin=OWNER, idempotency_key="key"
            )

        assert first.message_id != other.message_id

    async def test_a_key_survives_a_restart(self, live: Live) -> None:
        world = await live()
        async with await world.connect() as charger:
            first = await clear(world, "key")
            await charger.answer_next({"status": "Accepted"}, "ClearCache")
            await first.outcome(5)
        await world.settle()
        second_life = await live()
        async with await second_life.connect():
            again = await clear(second_life, "key")
            outcome = await again.outcome(5)

        assert first.message_id == again.message_id
        assert {"status": "Accepted"} == outcome.payload

    async def test_a_key_is_free_again_when_the_call_was_never_sent(self, world: World) -> None:
        async with await world.connect() as charger:
            await reset(world)
            waiting = await clear(world, "key")
            await charger.close()
            with pytest.raises(InjectionAbortedError):
                await waiting.outcome(5)
            async with await world.connect():
                again = await clear(world, "key")

        assert waiting.message_id != again.message_id

    async def test_a_key_lasts_a_day(self, world: World) -> None:
        async with await world.connect():
            first = await clear(world, "key")
            world.hub.snapshot()
            await world.settle()
            # That it was sent is on disk now, with the time of the bridge, which is the real one.
            world.now = max(world.now, datetime.now(UTC)) + timedelta(hours=25)
            again = await clear(world, "key")

        assert first.message_id != again.message_id

    async def test_who_waits_for_a_command_that_failed_hears_so(self, world: World) -> None:
        """The charger leaves while two callers' command is being stored."""
        async with await world.connect() as charger:
            bridge = charger_of(world).bridge
            assert bridge is not None
            async with locked(world):
                first = asyncio.ensure_future(clear(world, "key"))
                await until(lambda: bool(world.desk._injections))
                second = await clear(world, "key")
                await charger.close()
                await bridge.wait_closed()
            with pytest.raises(ChargerNotConnectedError):
                await first
            with pytest.raises(InjectionAbortedError):
                await second.outcome(5)


class TestDeadDatabase:
    """A dead database does not take the owner's control away (promise 4)."""

    async def test_a_hanging_database_delays_a_command_by_two_seconds_at_most(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("oye_proxy.hub.records.STORE_SECONDS", 0.05)
        async with await world.connect() as charger:
            await world.settle()
            async with locked(world):
                await clear(world, "key")
                await charger.receive_call("ClearCache")

    async def test_a_broken_database_delays_nothing_and_changes_no_policy(
        self, world: World
    ) -> None:
        async with await world.connect() as charger:
            await break_database(world)
            await clear(world, "key")
            await charger.receive_call("ClearCache")
            with pytest.raises(StorageError):
                await world.hub.policies.set_mode("CP1", Mode.MONITOR)

        assert Mode.STANDALONE is world.hub.charger("CP1").mode
        assert charger_of(world).wished_mode is None

    @pytest.mark.parametrize("answered_before", [True, False])
    async def test_what_was_sent_meanwhile_is_stored_when_it_is_back(
        self, world: World, *, answered_before: bool
    ) -> None:
        """So that a late answer is ours after a restart, too (promise 3)."""
        async with await world.connect() as charger:
            await world.settle()
            await break_database(world)
            injection = await clear(world, "key")
            call = await charger.receive_call("ClearCache")
            if not answered_before:
                await mend_database(world)
                await world.settle()
            await charger.answer(call, {"status": "Accepted"})
            await injection.outcome(5)
            if answered_before:
                await mend_database(world)
            [row] = await rows(world)

        assert (injection.message_id, InjectionState.ANSWERED) == (row.message_id, row.state)
        assert row.sent_at is not None


async def test_the_body_of_an_answer_is_attached(world: World) -> None:
    async with await world.connect(subprotocols=["ocpp2.0.1"]) as charger:
        injection = await world.hub.inject(
            "CP1", "GetBaseReport", {"reportBase": "FullInventory"}, origin=OWNER
        )
        call = await charger.answer_next({"status": "Accepted"}, "GetBaseReport")
        report = {
            "requestId": call.payload["requestId"],
            "generatedAt": "2026-11-21T10:00:00Z",
            "seqNo": 0,
            "tbc": False,
        }
        await charger.send_call("NotifyReport", report)
        outcome = await injection.outcome(5)

    assert ((report,), True) == (outcome.follow_ups, outcome.complete)


async def test_the_progress_of_an_unknown_injection_is_nobodys(world: World) -> None:
    """It was sent before a restart."""
    progress = Progress(message_id="earlier", state=InjectionState.ANSWERED)
    follow_up = FollowUp(message_id="earlier", action="NotifyReport", payload={}, last=True)

    assert world.desk.advance(progress) is None
    assert world.desk.follow(follow_up) is None


async def test_the_memory_is_bounded_and_forgets_the_settled_first(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert REMEMBERED >= 1000
    monkeypatch.setattr(desk_module, "REMEMBERED", 2)
    world = await live()
    async with await world.connect() as first, await world.connect("CP2") as second:
        open_one = await clear(world, "key")
        settled = await world.hub.inject("CP2", "ClearCache", {}, origin=OWNER)
        await answer(second)
        await settled.outcome(5)
        await world.hub.inject("CP2", "ClearCache", {}, origin=OWNER)
        await answer(first)
        outcome = await open_one.outcome(5)

    assert outcome.accepted


async def answer(charger: ScriptedCharger) -> None:
    await charger.answer_next({"status": "Accepted"}, "ClearCache")


class TestWarnings:
    """Some commands may well fail; they are sent, and the owner hears why (6.2)."""

    async def test_an_action_that_the_charger_does_not_have(self, world: World) -> None:
        async with await world.connect() as charger:
            first = await clear(world)
            call = await charger.receive_call("ClearCache")
            await charger.send_text(f'[4,"{call.message_id.text}","NotImplemented","",{{}}]')
            with pytest.raises(InjectionRejectedError):
                await first.outcome(5)
            second = await clear(world)

        assert () == first.warnings
        assert ("The charger answered ClearCache with NotImplemented before",) == second.warnings

    async def test_a_boot_of_a_charger_that_is_accepted(self, world: World) -> None:
        trigger = {"requestedMessage": "BootNotification"}
        async with await world.connect() as charger:
            early = await world.hub.inject("CP1", "TriggerMessage", trigger, origin=OWNER)
            await charger.answer_next({"status": "Accepted"}, "TriggerMessage")
            await boot(charger)
            late = await world.hub.inject("CP1", "TriggerMessage", trigger, origin=OWNER)

        assert [0, 1] == [len(early.warnings), len(late.warnings)]

    async def test_a_tag_that_the_csms_has_not_accepted_while_there_is_one(
        self, world: World, csms: ScriptedCsms
    ) -> None:
        start = {"connectorId": 1, "idTag": "NEW"}
        async with await world.connect():
            alone = await world.hub.inject("CP1", "RemoteStartTransaction", start, origin=OWNER)
        await world.state.update(csms_url=f"{csms.url}/ocpp", forwarding=True)
        async with await world.connect():
            await csms.next_connection()
            forwarded = await world.hub.inject("CP1", "RemoteStartTransaction", start, origin=OWNER)
            world.tags.learn(OcppVersion.V1_6, IdTag("NEW"), {"status": "Accepted"}, world.now)
            known = await world.hub.inject("CP1", "RemoteStartTransaction", start, origin=OWNER)

        assert [0, 1, 0] == [len(one.warnings) for one in (alone, forwarded, known)]

    async def test_of_an_unknown_protocol_nothing_is_known(
        self, world: World, csms: ScriptedCsms
    ) -> None:
        await world.state.update(csms_url=f"{csms.url}/ocpp", forwarding=True)
        async with await world.connect(subprotocols=["ocpp9.9"]):
            await csms.next_connection()
            with pytest.raises(NotSupportedError):
                await clear(world)
