"""The charger and the CSMS each hear the id that they know (docs/OCPP.md, transaction ids)."""

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oye_proxy.errors import RewriteError
from oye_proxy.ocppj.frames import Call, CallResult, parse
from oye_proxy.ocppj.journal.entries import TransactionLink
from oye_proxy.ocppj.journal.transaction_map import LINK_LIFE, REFUSED, TransactionMap

NOW = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
LOCAL = 1_000_000_001
OTHER = 1_000_000_002
FRESH = 1_000_000_100


def _call(text: str) -> Call:
    frame = parse(text)
    assert isinstance(frame, Call)
    return frame


def _result(text: str) -> CallResult:
    frame = parse(text)
    assert isinstance(frame, CallResult)
    return frame


def _fresh() -> int:
    return FRESH


def _unused() -> int:
    raise AssertionError("no fresh id is needed")


def _a_map(csms_id: int | None = 42) -> TransactionMap:
    return TransactionMap([TransactionLink(local_id=LOCAL, csms_id=csms_id)])


def _stop(transaction_id: object) -> Call:
    return _call(
        f'[2,"9","StopTransaction",{{"transactionId": {transaction_id} ,"meterStop":1.0}}]'
    )


def _remote_stop(transaction_id: object) -> Call:
    return _call(f'[2,"c","RemoteStopTransaction",{{"transactionId":{transaction_id}}}]')


def _started(transaction_id: object) -> CallResult:
    return _result(
        f'[3,"9",{{"idTagInfo":{{"status":"Accepted"}}, "transactionId":{transaction_id}}}]'
    )


def test_a_transaction_through_an_outage() -> None:
    """C16 5.11: RemoteStopTransaction names the id that the charger was given."""
    links = TransactionMap()
    assert not links

    # The charger starts while the CSMS is away, and speaks of the transaction when it is back.
    assert TransactionLink(local_id=LOCAL) == links.opened(LOCAL)
    assert links
    assert links.up(_stop(LOCAL)) is None, "the CSMS has not heard of the start"

    # The replayed start is answered.
    assert TransactionLink(local_id=LOCAL, csms_id=42) == links.learned(LOCAL, 42)
    meter_values = (
        '[2, "8","MeterValues",{"meterValue":[{"sampledValue":[{"value":"1.50"}]}],'
        f'"transactionId":{LOCAL},"connectorId":1}}]'
    )
    assert meter_values.replace(str(LOCAL), "42") == links.up(_call(meter_values))

    # The CSMS stops it; the charger obeys.
    assert _remote_stop(LOCAL).text == links.down(_remote_stop(42))
    assert _stop(42).text == links.up(_stop(LOCAL))
    link = links.closed(LOCAL, NOW)
    assert TransactionLink(local_id=LOCAL, csms_id=42, closed_at=NOW) == link

    # What the charger says late still finds its way.
    assert _stop(42).text == links.up(_stop(LOCAL))


def test_a_link_is_forgotten_a_month_after_its_end_when_the_next_transaction_ends() -> None:
    links = _a_map()
    links.opened(LOCAL + 1)
    links.closed(LOCAL, NOW)
    links.closed(LOCAL + 1, NOW + LINK_LIFE)
    at_a_month = links.live(LOCAL)
    links.closed(LOCAL + 1, NOW + LINK_LIFE + timedelta(seconds=1))

    assert at_a_month is not None
    assert links.live(LOCAL) is None
    assert links.up(_stop(LOCAL)) is None
    assert links.live(LOCAL + 1) is not None


def test_one_that_ends_again_is_not_forgotten() -> None:
    links = _a_map()
    links.closed(LOCAL, NOW)
    again = NOW + 2 * LINK_LIFE

    assert TransactionLink(local_id=LOCAL, csms_id=42, closed_at=again) == links.closed(
        LOCAL, again
    )
    assert _stop(42).text == links.up(_stop(LOCAL))


def test_the_rest_of_a_refused_start_goes_up_with_minus_one() -> None:
    """C16-E 3.18."""
    links = _a_map(None)

    assert TransactionLink(local_id=LOCAL, csms_id=REFUSED) == links.refused(LOCAL)
    assert _stop(-1).text == links.up(_stop(LOCAL))
    assert links.down(_remote_stop(-1)) is None, "any refused transaction could be meant"


def test_what_was_stored_works_after_a_restart() -> None:
    stored = [
        TransactionLink(local_id=LOCAL, csms_id=42),
        TransactionLink(local_id=OTHER, csms_id=43, closed_at=NOW),
    ]
    links = TransactionMap(stored)

    assert stored == [links.live(LOCAL), links.live(OTHER)]
    assert _stop(43).text == links.up(_stop(OTHER))
    assert _remote_stop(LOCAL).text == links.down(_remote_stop(42))


def test_a_repeated_start_keeps_its_link() -> None:
    links = _a_map(42)

    assert TransactionLink(local_id=LOCAL, csms_id=42) == links.opened(LOCAL)


def test_ids_of_others_are_none_of_ours() -> None:
    links = _a_map(42)

    assert links.live(7) is None
    assert links.closed(7, NOW) is None
    assert links.up(_stop(7)) is None
    assert links.up(_stop(42)) is None
    assert links.down(_remote_stop(7)) is None
    assert links.down(_remote_stop(LOCAL)) is None


class TestUp:
    @pytest.mark.parametrize(
        ("sent", "expected"),
        [
            (LOCAL, "42"),
            (f'"{LOCAL}"', '"42"'),
            (f"{LOCAL}.0", "42"),
            ("1.000000001E9", "42"),
        ],
    )
    def test_an_id_is_known_however_the_charger_writes_it(
        self, sent: object, expected: str
    ) -> None:
        """A text stays a text: the CSMS sees what it would see without us."""
        assert _stop(expected).text == _a_map().up(_stop(sent))

    @pytest.mark.parametrize(
        "sent", ["null", "true", "[]", '{"a":1}', '""', '"x"', "1.5", "9" * 99]
    )
    def test_an_odd_id_goes_up_as_it_is(self, sent: str) -> None:
        assert _a_map().up(_stop(sent)) is None

    @pytest.mark.parametrize(
        "text",
        [
            f'[2,"9","DataTransfer",{{"transactionId":{LOCAL}}}]',
            f'[2,"9","StartTransaction",{{"transactionId":{LOCAL}}}]',
            f'[2,"9","StopTransaction-Signed",{{"transactionId":{LOCAL}}}]',
            '[2,"9","StopTransaction",[]]',
            '[2,"9","StopTransaction"]',
            '[2,"9","StopTransaction",{}]',
        ],
    )
    def test_all_else_goes_up_as_it_is(self, text: str) -> None:
        """Nobody knows what the numbers of a DataTransfer mean."""
        assert _a_map().up(_call(text)) is None

    def test_what_else_the_payload_holds_does_not_matter(self) -> None:
        text = (
            '[2,"9","StopTransaction",{"x":1e999,"meterStop":'
            + "9" * 5_000
            + ',"transactionId":%d}]'
        )

        assert text % 42 == _a_map().up(_call(text % LOCAL))

    def test_an_id_that_occurs_twice_is_left_to_the_caller(self) -> None:
        text = f'[2,"9","StopTransaction",{{"transactionId":7,"transactionId":{LOCAL}}}]'

        with pytest.raises(RewriteError, match="occurs twice"):
            _a_map().up(_call(text))


class TestDown:
    @pytest.mark.parametrize(
        "text",
        [
            '[2,"c","RemoteStopTransaction",{"transactionId":%d}]',
            '[2,"c","SetChargingProfile",{"csChargingProfiles":{"id":42, "transactionId" : %d }}]',
            '[2,"c","RemoteStartTransaction",{"idTag":"42","chargingProfile":{"transactionId":%d}}]',
        ],
    )
    def test_a_command_names_the_id_that_the_charger_knows(self, text: str) -> None:
        """C16 3.13.1: a TxProfile may name its transaction."""
        assert text % LOCAL == _a_map().down(_call(text % 42))

    @pytest.mark.parametrize(
        "text",
        [
            '[2,"c","DataTransfer",{"transactionId":42}]',
            '[2,"c","SetChargingProfile",{"transactionId":42}]',
            '[2,"c","SetChargingProfile",{"csChargingProfiles":[{"transactionId":42}]}]',
            '[2,"c","SetChargingProfile",{"csChargingProfiles":{"chargingProfileId":42}}]',
            '[2,"c","RemoteStopTransaction",{}]',
            '[2,"c","RemoteStopTransaction"]',
            '[2,"c","RemoteStopTransaction",{"transactionId":true}]',
        ],
    )
    def test_all_else_goes_down_as_it_is(self, text: str) -> None:
        assert _a_map(1).down(_call(text)) is None
        assert _a_map(42).down(_call(text)) is None

    def test_an_id_that_occurs_twice_is_left_to_the_caller(self) -> None:
        with pytest.raises(RewriteError, match="occurs twice"):
            _a_map().down(
                _call('[2,"c","RemoteStopTransaction",{"transactionId":42,"transactionId":42}]')
            )

    def test_an_id_that_the_csms_gives_again_means_the_later_transaction(self) -> None:
        """Some CSMSs count from 1 after each start: what is closed is not meant."""
        links = _a_map(42)
        links.closed(LOCAL, NOW)

        assert links.down(_remote_stop(42)) is None

        links.learned(OTHER, 42)

        assert _remote_stop(OTHER).text == links.down(_remote_stop(42))
        links.closed(LOCAL, NOW)
        assert _remote_stop(OTHER).text == links.down(_remote_stop(42))


class TestAnsweredStart:
    def test_an_id_that_equals_a_local_one_is_hidden_behind_a_fresh_one(self) -> None:
        """Two transactions of one charger never have the same id."""
        links = _a_map(42)

        found = links.answered_start(_started(LOCAL), _fresh)

        assert (_started(FRESH).text, TransactionLink(local_id=FRESH, csms_id=LOCAL)) == found
        assert _stop(LOCAL).text == links.up(_stop(FRESH))
        assert _stop(42).text == links.up(_stop(LOCAL))
        assert _remote_stop(FRESH).text == links.down(_remote_stop(LOCAL))

    @pytest.mark.parametrize("closed_at", [None, NOW])
    def test_so_it_is_as_long_as_the_local_id_is_known(self, closed_at: datetime | None) -> None:
        """A closed one may still be spoken of."""
        links = TransactionMap([TransactionLink(local_id=LOCAL, csms_id=42, closed_at=closed_at)])

        assert links.answered_start(_started(LOCAL), _fresh) is not None

    def test_a_start_that_the_csms_knows_again_keeps_its_local_id(self) -> None:
        """The charger has not heard our answer and repeats the start when the CSMS is back."""
        links = _a_map(42)

        found = links.answered_start(_started(42), _unused)

        assert (_started(LOCAL).text, TransactionLink(local_id=LOCAL, csms_id=42)) == found
        assert _remote_stop(LOCAL).text == links.down(_remote_stop(42))

    @pytest.mark.parametrize("given_id", [7, -1, "null", "true", '"x"', "[]"])
    def test_all_other_answers_go_on_as_they_are(self, given_id: object) -> None:
        links = _a_map(42)
        links.refused(OTHER)

        assert links.answered_start(_started(given_id), _unused) is None

    def test_an_empty_map_reads_no_answer(self) -> None:
        assert TransactionMap().answered_start(_started(LOCAL), _unused) is None

    def test_an_answer_that_cannot_be_rewritten_changes_nothing(self) -> None:
        links = _a_map(42)
        answer = _result(f'[3,"9",{{"transactionId":{LOCAL},"transactionId":{LOCAL}}}]')

        with pytest.raises(RewriteError, match="occurs twice"):
            links.answered_start(answer, _fresh)

        assert links.live(FRESH) is None


@given(
    st.lists(st.tuples(st.sampled_from(["open", "learn", "refuse", "close"]), st.integers(0, 5)))
)
def test_ids_map_both_ways_whatever_happens(steps: list[tuple[str, int]]) -> None:
    """Each open transaction that the CSMS knows is reached from both sides."""
    links = TransactionMap()
    csms_ids = count(1)
    known: dict[int, TransactionLink] = {}
    for step, number in steps:
        local_id = LOCAL + number
        match step:
            case "open":
                link = links.opened(local_id)
            case "learn":
                link = links.learned(local_id, next(csms_ids))
            case "refuse":
                link = links.refused(local_id)
            case _:
                closed = links.closed(local_id, NOW)
                if closed is None:
                    continue
                link = closed
        known[local_id] = link

    assert len(known) == len(links)
    for local_id, link in known.items():
        assert link == links.live(local_id)
        up = None if link.csms_id is None else _stop(link.csms_id).text
        assert up == links.up(_stop(local_id))
        is_reached = link.csms_id not in {None, REFUSED} and link.closed_at is None
        down = _remote_stop(local_id).text if is_reached else None
        assert down == links.down(_remote_stop(link.csms_id or 0))
