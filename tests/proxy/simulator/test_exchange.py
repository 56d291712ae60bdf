from oye_proxy.ocppj.error_codes import Cause
from oye_proxy.simulator.exchange import CallRefusedError, Outgoing


def test_a_refusal_reads_as_its_description_or_its_cause() -> None:
    assert "no" == str(CallRefusedError(Cause.NOT_SUPPORTED, "no"))
    assert "NotSupported" == str(CallRefusedError(Cause.NOT_SUPPORTED))


def test_a_payload_is_built_when_it_is_its_turn() -> None:
    known = {"transactionId": -1}
    outgoing = Outgoing("StopTransaction", lambda: dict(known), transactional=True)

    known["transactionId"] = 7

    assert {"transactionId": 7} == outgoing.build()
