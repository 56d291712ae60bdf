"""An import says what it changes, changes that, and nothing else."""

from typing import Any

from tests.proxy.api.conftest import Api
from tests.proxy.api.memory import MemoryHub
from tests.proxy.api.test_settings import CHARGER, SECRET, change, exported, names
from tests.proxy.api.test_settings_models import VERSION_1

TAGS = [
    {"idTag": "NEW", "status": "accepted", "name": "Jo"},
    {"idTag": "known", "status": "blocked", "name": None},
    {"idTag": "SAME", "status": "accepted", "name": "An"},
]


async def put_tags(api: Api) -> None:
    for tag, body in (
        ("KNOWN", {"status": "accepted", "name": "Ed"}),
        ("SAME", {"status": "accepted", "name": "An"}),
        ("OTHER", {"status": "blocked"}),
    ):
        await api.ask("PUT", f"/api/id-tags/{tag}", body)


async def test_tags_are_added_and_changed_and_none_is_removed(api: Api) -> None:
    await put_tags(api)
    status, answer = await change(api, idTags=TAGS)
    _, listed = await api.ask("GET", "/api/id-tags")

    assert 200 == status
    assert [
        ("idTags.status", "NEW", None, "accepted"),
        ("idTags.name", "NEW", None, "Jo"),
        ("idTags.status", "known", "accepted", "blocked"),
        ("idTags.name", "known", "Ed", None),
    ] == [
        tuple(one[key] for key in ("name", "subject", "before", "after"))
        for one in changes_of(answer)
    ]
    assert [
        ("KNOWN", "blocked", None),
        ("NEW", "accepted", "Jo"),
        ("OTHER", "blocked", None),
        ("SAME", "accepted", "An"),
    ] == [(tag["idTag"], tag["status"], tag["name"]) for tag in listed]


async def test_a_dry_run_says_the_same_and_changes_nothing(api: Api, hub: MemoryHub) -> None:
    await put_tags(api)
    before = await exported(api)
    wanted = {**before, "idTags": TAGS, "chargers": [CHARGER]}
    body = {"settings": wanted, "dryRun": True}
    _, said = await api.ask("POST", "/api/settings/import", body)
    assert before == await exported(api)
    assert hub.chargers["CP1"].name is None

    _, done = await api.ask("POST", "/api/settings/import", {"settings": wanted})
    assert changes_of(said) == changes_of(done)
    assert (False, True) == (said["applied"], done["applied"])
    _, again = await api.ask("POST", "/api/settings/import", body)
    assert [] == changes_of(again)


async def test_a_charger_gets_what_was_chosen_for_it(api: Api) -> None:
    status, answer = await change(api, chargers=[CHARGER])

    assert 200 == status
    assert [
        "chargers.name",
        "chargers.mode",
        "chargers.ownerStatus",
        "chargers.pauseStrategy",
    ] == names(answer)
    assert {"CP1"} == {one["subject"] for one in changes_of(answer)}
    assert [CHARGER] == (await exported(api))["chargers"]


async def test_a_charger_that_was_never_seen_is_left_out_and_told(api: Api) -> None:
    status, answer = await change(api, chargers=[{**CHARGER, "chargePointId": "ELSEWHERE"}])

    assert (200, [], ["ELSEWHERE"]) == (status, changes_of(answer), answer["unknownChargers"])


async def test_version_1_changes_no_tag_and_no_charger(api: Api) -> None:
    await put_tags(api)
    before = await exported(api)
    config = {**VERSION_1["config"], "autoChargeEnabled": True}
    body = {"settings": {**VERSION_1, "config": config}}
    status, answer = await api.ask("POST", "/api/settings/import", body)
    after = await exported(api)

    assert (200, ["config.autoChargeEnabled"]) == (status, names(answer))
    assert (before["idTags"], before["chargers"]) == (after["idTags"], after["chargers"])


async def test_what_it_says_has_no_secrets(api: Api) -> None:
    _, answer = await change(api, config={"targetCsmsUrl": SECRET})

    assert ["config.targetCsmsUrl"] == names(answer)
    assert "hunter" not in str(answer)
    assert SECRET == (await exported(api, "?secrets=true"))["config"]["targetCsmsUrl"]


async def test_of_rules_it_says_how_many_there_are(api: Api) -> None:
    rules = [{"action": "Heartbeat", "keep": "none"}]
    _, answer = await change(api, storage={"preset": "custom", "rules": rules})
    (told,) = [one for one in changes_of(answer) if one["name"] == "storage.rules"]

    assert (0, 1) == (told["before"], told["after"])


def changes_of(answer: Any) -> list[Any]:
    changes: list[Any] = answer["changes"]
    return changes
