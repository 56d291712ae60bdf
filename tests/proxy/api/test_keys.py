"""What the API works with is handed in once and never replaced."""

import pytest

from oye_proxy.api.keys import DEPENDENCIES, Dependencies
from oye_proxy.api.server import Site, build_application


@pytest.mark.parametrize("site", list(Site))
def test_both_sites_work_with_the_same_parts(dependencies: Dependencies, site: Site) -> None:
    assert dependencies is build_application(site, dependencies)[DEPENDENCIES]


def test_the_parts_cannot_be_replaced(dependencies: Dependencies) -> None:
    with pytest.raises(AttributeError):
        dependencies.epoch = "x"  # type: ignore[misc]
