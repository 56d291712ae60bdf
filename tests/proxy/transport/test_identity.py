from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oye_proxy.errors import AdmissionError
from oye_proxy.ocppj.versions import OcppVersion
from oye_proxy.transport.identity import PathScanError, identify, offered_subprotocols


@pytest.mark.parametrize(
    ("path", "charge_point_id", "hint"),
    [
        ("/ocpp/CP1", "CP1", None),
        ("/ocpp/CP1/", "CP1", None),
        ("/ocpp//CP1", "CP1", None),
        ("/a/b/ocpp/CP1", "CP1", None),
        ("/OCPP/CP1", "CP1", None),
        ("/ocpp/1.6/CP1", "CP1", OcppVersion.V1_6),
        ("/ocpp/1.6J/CP1", "CP1", OcppVersion.V1_6),
        ("/ws/ocpp/16/CP1", "CP1", OcppVersion.V1_6),
        ("/ocpp/2.0.1/CP1", "CP1", OcppVersion.V2_0_1),
        ("/ws/ocpp/201/CP1", "CP1", OcppVersion.V2_0_1),
        ("/ocpp/2.1/CP1", "CP1", OcppVersion.V2_1),
        ("/ws/ocpp/21/CP1", "CP1", OcppVersion.V2_1),
        ("/ocpp/1.6/16", "16", OcppVersion.V1_6),
        ("/ocpp/ADMIN-01", "ADMIN-01", None),
        ("/ocpp/admin", "admin", None),
        ("/ocpp/.env", ".env", None),
        ("/ocpp/api", "api", None),
        ("/ocpp/" + 128 * "x", 128 * "x", None),
    ],
)
def test_the_last_segment_is_the_id(
    path: str, charge_point_id: str, hint: OcppVersion | None
) -> None:
    """J16 3.1.1, P4/Q4 3.1.1; what stands before it is the endpoint."""
    identity = identify(path, ())

    assert (charge_point_id, hint) == (identity.charge_point_id, identity.version_hint)


@pytest.mark.parametrize(
    ("raw_id", "charge_point_id"),
    [
        ("CP%2F1", "CP/1"),
        ("CP%2f1", "CP/1"),
        ("M%C3%BCnchen", "München"),
        ("a%20b", "a b"),
        ("a+b;c=d,e@f!$&'()*~", "a+b;c=d,e@f!$&'()*~"),
        ("100%", "100%"),
        ("%2561", "%61"),
    ],
)
def test_the_raw_segment_is_kept_and_decoded_once(raw_id: str, charge_point_id: str) -> None:
    identity = identify(f"/ocpp/{raw_id}?key=secret#x", ())

    assert (raw_id, charge_point_id) == (identity.raw_id, identity.charge_point_id)
    assert "key=secret" == identity.query


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "//",
        "*",
        "/ocpp",
        "/ocpp/",
        "/a/ocpp",
        "/ocpp/1.6",
        "/ocpp/2.0.1/",
        "/ws/ocpp/16",
        "/CP1",
        "/ocpp/%20",
        "/ocpp/.",
        "/ocpp/%2e%2e",
        "/ocpp/CP%00",
        "/ocpp/CP%0A1",
        "/ocpp/%7F",
        "/ocpp/%C2%85",
        "/ocpp/%FF",
        "/ocpp/" + 129 * "x",
        "/api/ocpp/CP1",
        "/assets/ocpp/CP1",
        "/health",
        "/metrics",
    ],
)
def test_other_paths_are_not_found(path: str) -> None:
    with pytest.raises(AdmissionError) as refusal:
        identify(path, ())

    assert 404 == refusal.value.status


def test_a_path_that_is_not_percent_encoded_is_refused() -> None:
    with pytest.raises(AdmissionError) as refusal:
        identify("/ocpp/é", ())

    assert 400 == refusal.value.status


def test_a_path_without_ocpp_counts_when_an_ocpp_subprotocol_is_offered() -> None:
    assert "CP1" == identify("/anything/CP1", ["soap", "OCPP1.5"]).charge_point_id
    assert "16" == identify("/16", ["ocpp1.6"]).charge_point_id
    for path, offered in [("/CP1", ["soap"]), ("/ocpp", ["ocpp1.6"]), ("/api/x", ["ocpp1.6"])]:
        with pytest.raises(AdmissionError):
            identify(path, offered)


@pytest.mark.parametrize(
    "path",
    [
        "/.env/ocpp/CP1",
        "/wp-admin/ocpp/CP1",
        "/phpMyAdmin/ocpp/CP1",
        "/xmlrpc.php/ocpp/CP1",
        "/ocpp/select%20id%20from%20t/CP1",
        "/ocpp/../CP1",
        "/ocpp/%2e%2e/CP1",
        "/admin/ocpp/CP1",
        "/ocpp/login/CP1",
        "/ocpp/etc/passwd",
    ],
)
def test_scanners_are_told_apart(path: str) -> None:
    with pytest.raises(PathScanError):
        identify(path, ())


def test_unusual_ids_are_warned_about() -> None:
    assert () == identify("/ocpp/CP1", ()).warnings
    assert ("id_with_colon",) == identify("/ocpp/a:b", ()).warnings
    assert ("id_too_long",) == identify("/ocpp/" + 49 * "x", ()).warnings


def test_all_lines_of_offered_subprotocols_count_in_order() -> None:
    lines = ["ocpp2.1, ocpp2.0.1", "ocpp1.6,", " "]

    assert ("ocpp2.1", "ocpp2.0.1", "ocpp1.6") == offered_subprotocols(lines)


@given(st.text(min_size=1, max_size=40))
def test_every_id_survives_or_is_refused(charge_point_id: str) -> None:
    try:
        raw_id = quote(charge_point_id, safe="")
    except UnicodeEncodeError:
        return
    try:
        identity = identify(f"/ocpp/1.6/{raw_id}", ())
    except AdmissionError:
        return

    assert (charge_point_id, raw_id) == (identity.charge_point_id, identity.raw_id)
