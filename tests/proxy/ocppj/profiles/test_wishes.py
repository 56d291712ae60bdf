from oye_proxy.ocppj.profiles.ids import LimitScope, Slot
from oye_proxy.ocppj.profiles.wishes import Agenda, ChargerView, Wish
from oye_proxy.ocppj.versions import OcppVersion


def test_a_wish_knows_its_slot() -> None:
    assert Slot(LimitScope.DEFAULT, 2) == Wish(LimitScope.DEFAULT, 2, 16).slot


def test_a_view_assumes_little() -> None:
    view = ChargerView(version=OcppVersion.V1_6)

    assert {} == view.transactions
    assert ((), None, ()) == (Agenda().orders, Agenda().look_at, Agenda().conflicts)
