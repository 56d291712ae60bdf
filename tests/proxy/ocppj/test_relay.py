"""What passes while charger and CSMS are linked: the exact text, but for two named rules."""

import pytest
from tests.proxy.ocppj.lives import (
    DOWN,
    LOCAL,
    UP,
    V2_0_1,
    Life,
    event,
    meter,
    notify_event,
    result,
    start,
    started,
    stop,
)

from oye_proxy.errors import StorageError
from oye_proxy.ocppj.authorization import AuthorizationPolicy, Authorizer
from oye_proxy.ocppj.commands import KeepLink, Notice, NoticeName, Peer
from oye_proxy.ocppj.conversation import Conversation
from oye_proxy.ocppj.id_tag_cache import IdTagCache
from oye_proxy.ocppj.injections import InjectionMemory
from oye_proxy.ocppj.journal.entries import TransactionLink
from oye_proxy.ocppj.journal.journal import Journal, Stock
from oye_proxy.ocppj.modes import Link
from oye_proxy.ocppj.standalone import Responder
from oye_proxy.ocppj.versions import OcppVersion

LINK = TransactionLink(local_id=LOCAL, csms_id=42)
STATUS = '[2,"q","GetTransactionStatus",{"transactionId":"tx-1"}]'
STATUS_OF_ANY = '[2,"q","GetTransactionStatus",{}]'
NOT_WAITING = '[3, "q", {"ongoingIndicator":true,"messagesInQueue":false}]'
WAITING = '[3, "q", {"ongoingIndicator":true,"messagesInQueue":true}]'


def after_an_outage() -> Life:
    """Return a charger whose transaction began while the CSMS was away; it is 42 to the CSMS."""
    life = Life()
    life.opened()
    life.away()
    life.charger(start("a"))
    life.opened()
    life.csms(started("a", 42))
    life.commands.clear()
    return life


def notes(life: Life) -> list[tuple[Peer, Peer, str | bytes, str | None]]:
    return [(record.source, record.target, record.data, record.note) for record in life.records()]


class TestUp:
    @pytest.mark.parametrize("message", [meter, stop])
    def test_the_csms_s_id_stands_in_for_the_local_one(self, message: object) -> None:
        life = after_an_outage()
        assert callable(message)

        assert [(UP, message("b", 42))] == life.charger(message("b", LOCAL))
        assert [
            (Peer.CHARGER, Peer.PROXY, message("b", LOCAL), "rewritten"),
            (Peer.PROXY, Peer.CSMS, message("b", 42), "transaction_id"),
        ] == notes(life)

    def test_one_value_is_spliced_and_every_other_byte_stays(self) -> None:
        life = after_an_outage()
        text = (
            ' [2 ,"b","StopTransaction", {"meterStop":1.0e0,"transactionId" : %s , "x":"\\u00e9"}]'
        )

        assert [(UP, text % 42)] == life.charger(text % LOCAL)

    def test_a_binary_frame_that_is_rewritten_becomes_text(self) -> None:
        life = after_an_outage()

        assert [(UP, stop("b", 42))] == life.charger(stop("b", LOCAL).encode())

    @pytest.mark.parametrize(
        "text",
        [
            stop("b", 7),
            stop("b", 42),
            stop("b", -1),
            f'[2,"b","DataTransfer",{{"transactionId":{LOCAL}}}]',
            '[2,"b","StopTransaction",[]]',
        ],
    )
    def test_all_else_passes_as_it_is(self, text: str) -> None:
        life = after_an_outage()

        assert [(UP, text)] == life.charger(text)
        assert [(Peer.CHARGER, Peer.CSMS, text, None)] == notes(life)

    def test_what_is_ambiguous_passes_as_it_is_and_is_told(self) -> None:
        life = after_an_outage()
        text = f'[2,"b","StopTransaction",{{"transactionId":{LOCAL},"transactionId":{LOCAL}}}]'

        assert [(UP, text)] == life.charger(text)
        assert ["rewrite_failed"] == life.notices()

    def test_what_was_held_is_recorded_with_both_texts_as_well(self) -> None:
        life = after_an_outage()
        life.lost()
        life.charger(stop("b", LOCAL))
        life.opened()

        assert [
            (Peer.CHARGER, Peer.CSMS, stop("b", LOCAL), None),
            (Peer.PROXY, Peer.CSMS, stop("b", 42), "transaction_id"),
        ] == notes(life)

    def test_the_answer_finds_its_way(self) -> None:
        life = after_an_outage()
        life.charger(stop("b", LOCAL))

        assert [(DOWN, result("b"))] == life.csms(result("b"))

    def test_the_link_of_a_transaction_is_closed_when_its_stop_is_acknowledged(self) -> None:
        life = after_an_outage()
        life.charger(stop("b", LOCAL))
        life.csms(result("b"))

        assert life.disk.links[LOCAL].closed_at is not None


class TestDown:
    @pytest.mark.parametrize(
        ("action", "payload"),
        [
            ("RemoteStopTransaction", '{{"transactionId": {} }}'),
            (
                "SetChargingProfile",
                '{{"connectorId":1,"csChargingProfiles":{{"transactionId":{}}}}}',
            ),
        ],
    )
    def test_commands_of_the_csms_name_the_charger_s_id(self, action: str, payload: str) -> None:
        life = after_an_outage()
        text = f'[2,"c","{action}",{payload}]'

        assert [(DOWN, text.format(LOCAL))] == life.csms(text.format(42))
        assert [
            (Peer.CSMS, Peer.PROXY, text.format(42), "rewritten"),
            (Peer.CSMS, Peer.CHARGER, text.format(LOCAL), None),
        ] == notes(life)
        assert [(UP, result("c"))] == life.charger(result("c"))

    @pytest.mark.parametrize(
        "text",
        [
            '[2,"c","RemoteStopTransaction",{"transactionId":43}]',
            '[2,"c","DataTransfer",{"transactionId":42}]',
        ],
    )
    def test_all_else_passes_as_it_is(self, text: str) -> None:
        assert [(DOWN, text)] == after_an_outage().csms(text)

    def test_what_is_ambiguous_passes_as_it_is_and_is_told(self) -> None:
        life = after_an_outage()
        text = '[2,"c","RemoteStopTransaction",{"transactionId":42,"transactionId":42}]'

        assert [(DOWN, text)] == life.csms(text)
        assert ["rewrite_failed"] == life.notices()

    def test_a_command_while_it_catches_up_names_the_charger_s_id(self) -> None:
        life = Life()
        life.opened()
        life.away()
        life.charger(start("a"))
        life.charger(meter("b", LOCAL))
        life.opened()
        life.csms(started("a", 42))
        text = '[2,"c","RemoteStopTransaction",{{"transactionId":{}}}]'

        assert Link.CATCHING_UP is life.link
        assert [(DOWN, text.format(LOCAL))] == life.csms(text.format(42))


class TestIdsThatMeanTwo:
    """The CSMS gives an id that the charger has for another transaction."""

    def test_the_charger_gets_a_fresh_one(self) -> None:
        life = after_an_outage()
        life.charger(start("b", connector=2))

        assert [(DOWN, started("b", LOCAL + 1))] == life.csms(started("b", LOCAL))
        link = TransactionLink(local_id=LOCAL + 1, csms_id=LOCAL)
        assert KeepLink(link) in life.commands
        assert [
            (Peer.CSMS, Peer.PROXY, started("b", LOCAL), "rewritten"),
            (Peer.CSMS, Peer.CHARGER, started("b", LOCAL + 1), "transaction_id"),
        ] == notes(life)[-2:]

    def test_each_of_both_goes_on_under_its_own(self) -> None:
        life = after_an_outage()
        life.charger(start("b", connector=2))
        life.csms(started("b", LOCAL))

        assert [(UP, stop("c", LOCAL))] == life.charger(stop("c", LOCAL + 1))
        life.csms(result("c"))
        assert [(UP, stop("d", 42))] == life.charger(stop("d", LOCAL))

    def test_a_start_that_the_csms_knew_again_keeps_its_local_id(self) -> None:
        life = after_an_outage()
        life.charger(start("b"))

        assert [(DOWN, started("b", LOCAL))] == life.csms(started("b", 42))

    def test_without_an_id_left_the_answer_passes_and_that_is_told(self) -> None:
        def none_left() -> int:
            raise StorageError("no id is left")

        conversation = Conversation(
            version=OcppVersion.V1_6,
            responder=Responder(Authorizer(IdTagCache(), AuthorizationPolicy()), none_left),
            journal=Journal(Stock(links=(LINK,))),
            memory=InjectionMemory(),
            wall=lambda _: pytest.fail("nothing is timed here"),
            new_id=lambda: "fresh",
        )
        conversation.csms_opened(0)
        conversation.receive(Peer.CHARGER, start("b"), 1)

        commands = conversation.receive(Peer.CSMS, started("b", LOCAL), 2)

        assert (
            Notice(
                NoticeName.REWRITE_FAILED, {"action": "StartTransaction", "reason": "no id is left"}
            )
            in commands
        )


def with_a_message_that_waits() -> Life:
    """Return a charger whose CSMS is back and has not heard everything yet."""
    life = Life(V2_0_1)
    life.opened()
    life.away()
    life.charger(event("a", 0))
    life.opened()
    return life


class TestMessagesInQueue:
    """E14.FR.04, E14.FR.07: the CSMS asks whether it has heard everything."""

    @pytest.mark.parametrize("question", [STATUS, STATUS_OF_ANY])
    def test_while_messages_wait_here_the_answer_says_so(self, question: str) -> None:
        life = with_a_message_that_waits()
        life.csms(question)

        assert [(UP, WAITING)] == life.charger(NOT_WAITING)
        assert [
            (Peer.CHARGER, Peer.PROXY, NOT_WAITING, "rewritten"),
            (Peer.CHARGER, Peer.CSMS, WAITING, "messages_in_queue"),
        ] == notes(life)[-2:]

    def test_of_another_transaction_it_does_not(self) -> None:
        life = Life(V2_0_1)
        life.opened()
        life.away()
        life.charger(event("a", 0, transaction_id="tx-2"))
        life.opened()
        life.csms(STATUS)

        assert [(UP, NOT_WAITING)] == life.charger(NOT_WAITING)

    def test_when_all_is_told_it_passes_as_it_is(self) -> None:
        life = Life(V2_0_1)
        life.opened()
        life.csms(STATUS)

        assert [(UP, NOT_WAITING)] == life.charger(NOT_WAITING)

    def test_after_a_restart_it_is_known_what_waits(self) -> None:
        life = Life(V2_0_1)
        life.opened()
        life.away()
        life.charger(event("a", 0))
        life.charger(event("b", 0, transaction_id="tx-2"))
        life.restart()
        life.opened()
        life.csms(result("a"))
        life.csms(STATUS)

        assert [(UP, NOT_WAITING)] == life.charger(NOT_WAITING)

    def test_an_answer_without_the_word_gets_it(self) -> None:
        life = with_a_message_that_waits()
        life.csms(STATUS)

        assert [(UP, '[3,"q",{"messagesInQueue":true}]')] == life.charger(result("q"))

    @pytest.mark.parametrize("answer", ['[3,"q",[]]', '[4,"q","InternalError","",{}]'])
    def test_an_answer_that_cannot_have_it_passes_as_it_is(self, answer: str) -> None:
        life = with_a_message_that_waits()
        life.csms(STATUS)

        assert [(UP, answer)] == life.charger(answer)


class TestLastAnswers:
    """What the CSMS answered last is known when the charger asks again in an outage."""

    def test_other_answers_do_not_push_them_out(self) -> None:
        life = Life(V2_0_1)
        life.opened()
        life.charger(event("a", 0))
        life.csms('[3,"a",{"totalCost":7}]')
        for number in range(10):
            life.charger(notify_event(f"n{number}", number))
            life.csms(result(f"n{number}"))
        life.away()

        assert [(DOWN, '[3,"b",{"totalCost":7}]')] == life.charger(event("b", 0))

    def test_a_callerror_is_no_answer_to_remember(self) -> None:
        life = Life(V2_0_1)
        life.opened()
        life.charger(event("a", 0))
        life.csms('[4,"a","InternalError","",{}]')
        life.away()
        life.charger(event("b", 0))

        assert [1] == list(life.disk.entries)
