"""The owner hears of limits that cannot be had, or wear the charger's memory out."""

import pytest
from tests.proxy.features.conftest import Site, cap, csms_answer, limits_sent, rival

from oye_proxy.errors import ConflictError
from oye_proxy.hub.issues import IssueKey
from oye_proxy.ocppj.profiles.ids import CAP_ID
from oye_proxy.ocppj.profiles.owner import WRITES_PER_DAY
from oye_proxy.simulator.scripted import ScriptedCsms


async def test_what_cannot_be_combined_is_told(site: Site, csms: ScriptedCsms) -> None:
    """At ChargeProfileMaxStackLevel nothing is sent; limit_conflict is raised."""
    await site.follow(csms)
    csms.responder = csms_answer
    charger = await site.charger()
    link = await csms.next_connection()
    await link.send_call("SetChargingProfile", rival(20, level=8))
    with pytest.raises(ConflictError, match="stack level"):
        await site.run(cap(16))
    issue = site.world.issue(IssueKey.LIMIT_CONFLICT)
    conflict = site.state.limits.conflict
    await link.send_call("ClearChargingProfile", {"id": 1})
    await site.idle(charger)

    assert issue is not None
    assert {"reason": conflict, "scope": "maximum", "connectorId": 0} == issue.params
    assert site.world.issue(IssueKey.LIMIT_CONFLICT) is None
    assert [(1, 20), (CAP_ID, 16)] == limits_sent(charger)


async def test_too_many_writes_a_day_are_told(site: Site) -> None:
    """Alert above 300 a day."""
    await site.charger()
    limits = site.world.hub.find("CP1").limits
    limits._day, limits._writes = site.world.now.date(), WRITES_PER_DAY
    await site.done(cap(16))
    issue = site.world.issue(IssueKey.LIMIT_CONFLICT)

    assert issue is not None
    assert "memory" in issue.params["reason"]
