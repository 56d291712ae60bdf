"""Models are immutable and hashable enough to be compared by identity."""

from dataclasses import FrozenInstanceError, fields, is_dataclass

import pytest
from custom_components.oye import models
from custom_components.oye.models import Condition, Connector, Meter, Sample, Status

CLASSES = [one for one in vars(models).values() if isinstance(one, type) and is_dataclass(one)]


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_a_model_is_frozen_and_slotted(kind: type) -> None:
    made: object = object.__new__(kind)

    assert hasattr(kind, "__slots__")
    with pytest.raises(FrozenInstanceError):
        setattr(made, fields(kind)[0].name, None)


def test_a_connector_tells_its_status_and_samples() -> None:
    sample = Sample(value=7.0)
    connector = Connector(
        number=1,
        condition=Condition(status=Status.CHARGING),
        meter=Meter(samples={"SoC": sample}),
    )

    assert Status.CHARGING is connector.status
    assert connector.sample("SoC") is sample
    assert connector.sample("Voltage") is None
