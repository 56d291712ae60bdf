"""Settings: those that are fixed, and those that can be carried to another proxy."""

from typing import Any

import pytest
from tests.proxy.api.conftest import Api, bearer

from oye_proxy.api.openapi import describe
from oye_proxy.api.server import ROUTES

SECRET = "wss://user:hunter2@csms.example/ocpp?key=hunter3"


CHARGER = {
    "chargePointId": "CP1",
    "name": "Garage",
    "mode": "monitor",
    "ownerStatus": "maintenance",
    "pauseStrategy": "remote_stop",
}


def names(answer: Any) -> list[str]:
    return [change["name"] for change in answer["changes"]]


async def exported(api: Api, query: str = "") -> Any:
    status, settings = await api.ask("GET", f"/api/settings/export{query}")
    assert 200 == status
    return settings


async def test_what_is_fixed_is_told_with_its_source(api: Api) -> None:
    _, (setting,) = await api.ask("GET", "/api/settings")

    assert ("server.port", "9000", "the command line") == (
        setting["name"],
        setting["value"],
        setting["source"],
    )


async def test_an_export_has_no_secrets_unless_they_are_asked_for(api: Api) -> None:
    await api.ask("POST", "/api/config", {"targetCsmsUrl": SECRET})
    plain = await exported(api)
    whole = await exported(api, "?secrets=true")

    assert "hunter" not in str(plain)
    assert SECRET == whole["config"]["targetCsmsUrl"]
    assert {"version", "config", "storage", "idTags", "chargers"} == plain.keys()


async def test_what_was_exported_is_taken_over(api: Api) -> None:
    before = await exported(api, "?secrets=true")
    await api.ask("POST", "/api/config", {"targetCsmsUrl": SECRET, "defaultIdTag": "OTHER"})
    await api.ask("PATCH", "/api/storage", {"preset": "selective"})
    status, answer = await api.ask("POST", "/api/settings/import", {"settings": before})

    assert 200 == status
    assert answer["applied"]
    assert ["config.targetCsmsUrl", "config.defaultIdTag", "storage.preset"] == names(answer)
    assert before == await exported(api, "?secrets=true")


async def test_a_dry_run_changes_nothing(api: Api) -> None:
    before = await exported(api)
    wanted = {**before, "config": {**before["config"], "autoChargeEnabled": True}}
    _, answer = await api.ask("POST", "/api/settings/import", {"settings": wanted, "dryRun": True})

    change = {
        "name": "config.autoChargeEnabled",
        "subject": None,
        "before": False,
        "after": True,
    }
    assert {"changes": [change], "unknownChargers": [], "applied": False} == answer
    assert before == await exported(api)


async def test_an_address_without_its_secrets_stands_for_the_present_one(api: Api) -> None:
    await api.ask("POST", "/api/config", {"targetCsmsUrl": SECRET})
    plain = await exported(api)
    _, answer = await api.ask("POST", "/api/settings/import", {"settings": plain})

    assert [] == answer["changes"]
    assert SECRET == (await exported(api, "?secrets=true"))["config"]["targetCsmsUrl"]


async def change(api: Api, **changes: Any) -> tuple[int, Any]:
    settings = await exported(api)
    for name, value in changes.items():
        if isinstance(value, dict):
            settings[name].update(value)
        else:
            settings[name] = value
    return await api.ask("POST", "/api/settings/import", {"settings": settings})


@pytest.mark.parametrize(
    "changes",
    [
        {"version": 0},
        {"version": 3},
        {"idTags": [{"idTag": "A", "status": "accepted"}, {"idTag": "a", "status": "blocked"}]},
        {"idTags": [{"idTag": " A", "status": "accepted"}]},
        {"idTags": [{"idTag": "A", "status": "perhaps"}]},
        {"idTags": [{"idTag": "A", "status": "accepted", "name": "a\nb"}]},
        {"chargers": [CHARGER, CHARGER]},
        {"chargers": [{**CHARGER, "mode": "perhaps"}]},
        {"extra": 1},
        {"config": {"targetCsmsUrl": "http://x"}},
        {"config": {"targetCsmsUrl": "wss://***@elsewhere/ocpp"}},
        {"config": {"port": 1}},
        {"config": {"defaultIdTag": " "}},
        {"storage": {"preset": "custom", "otherwise": "last"}},
        {"storage": {"maxBytes": 1}},
    ],
)
async def test_what_cannot_be_taken_over_is_refused_whole(
    api: Api, changes: dict[str, Any]
) -> None:
    """What could be taken over of the same file is not either."""
    before = await exported(api, "?secrets=true")
    changes.setdefault("idTags", [{"idTag": "GOOD", "status": "accepted"}])
    status, answer = await change(api, **changes)

    assert (400, "invalid_request") == (status, answer["code"])
    assert before == await exported(api, "?secrets=true")


async def test_only_an_admin_sees_or_changes_them(api: Api) -> None:
    for method, path in (
        ("GET", "/api/settings"),
        ("GET", "/api/settings/export"),
        ("POST", "/api/settings/import"),
    ):
        status, _ = await api.ask(method, path, headers=bearer("token-of-control"))
        assert 403 == status


def test_the_file_is_described() -> None:
    assert "SettingsExport" in describe(ROUTES)["components"]["schemas"]
