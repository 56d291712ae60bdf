"""Chargers as the proxy tells of them; the values were seen with its simulated ones."""

from typing import Any

from tests.integration.contract import complete

type Json = dict[str, Any]

NOW = "2026-11-21T12:00:00Z"
BOOTED = "2026-11-21T08:00:00Z"


def charging(charge_point_id: str = "CP1", **changes: Any) -> Json:
    """Return a charger with OCPP 1.6 and one connector, which charges at the owner's 10 A."""
    connectors = [
        connector(
            1,
            status="Charging",
            plugged=True,
            powerW=6871.3,
            energyWh=4685846.2,
            samples=samples(energy=4685846.2, power=6871.3, current=10.0, soc=44.1),
            limit={"limitA": 10.0, "limitW": 6922.0, "limitSource": None, "time": NOW},
            transaction=transaction(),
        )
    ]
    limit: Json = {
        "connectorId": 1,
        "effectiveLimitA": 10.0,
        "limitSource": "owner",
        "verified": True,
        "sessionLimitA": 10.0,
        "sessionAcceptedA": 10.0,
    }
    told: Json = {"ratedPowerW": 6922.0, "limits": {"connectors": [limit]}}
    return charger(charge_point_id, connectors, **told | changes)


def two_evses(charge_point_id: str = "CP2", **changes: Any) -> Json:
    """Return a charger with OCPP 2.0.1 and two EVSEs: the first charges, the second is free."""
    connectors = [
        connector(
            1,
            status="Charging",
            plugged=True,
            errorCode=None,
            powerW=10955.9,
            energyWh=2488666.9,
            samples=samples(energy=2488666.9, power=10955.9, current=16.0, soc=22.0),
            transaction=transaction(
                transactionId="58bd5807-9eeb-4dc3-adec-9821d8182430",
                idTagType="ISO14443",
                remoteStartId=1344828775,
                meterStartWh=2488178.3,
                energyWh=488.6,
                chargingState="Charging",
                seqNo=17,
            ),
        ),
        connector(2, connectorId=1, errorCode=None),
    ]
    newer: Json = {
        "ocppVersion": "2.0.1",
        "subprotocol": "ocpp2.0.1",
        "meterType": None,
        "bootReason": "PowerUp",
        "status": None,
        "statusSince": None,
        "errorCode": None,
        "availability": None,
        "ratedPowerW": 10987.8,
    }
    return charger(charge_point_id, connectors, **newer | changes)


def idle(charge_point_id: str = "CP3", **changes: Any) -> Json:
    """Return a charger with OCPP 1.6 and one connector, where no car is."""
    return charger(charge_point_id, [connector(1)], **changes)


def faulted(charge_point_id: str = "CP4", **changes: Any) -> Json:
    """Return a charger with OCPP 1.6 that says that its ground failed."""
    trouble: Json = {
        "status": "Faulted",
        "errorCode": "GroundFailure",
        "vendorErrorCode": "E17",
        "vendorId": "TestVendor",
        "info": "Call the electrician",
    }
    connectors = [connector(1, plugged=None, powerW=None, **trouble)]
    return charger(charge_point_id, connectors, **{"fault": True} | trouble | changes)


def charger(charge_point_id: str, connectors: list[Json], **changes: Any) -> Json:
    """Return a connected charger with OCPP 1.6, accepted, that runs alone."""
    facts: Json = {
        "ocppVersion": "1.6",
        "vendor": "TestVendor",
        "model": "TestModel",
        "serialNumber": charge_point_id,
        "firmwareVersion": "1.0.0",
        "meterType": "Simulated meter",
        "bootState": "accepted",
        "bootedAt": BOOTED,
        "heartbeatInterval": 300,
        "lastSeen": NOW,
        "connectorCount": len(connectors),
        "status": "Available",
        "statusSince": BOOTED,
        "errorCode": "NoError",
        "availability": "operative",
        "connectors": connectors,
        "chargePointId": charge_point_id,
        "name": None,
        "connected": True,
        "connectedAt": BOOTED,
        "remoteAddress": "192.0.2.10",
        "remotePort": 42528,
        "subprotocol": "ocpp1.6",
        "mode": "standalone",
        "modes": ["standalone"],
        "link": "standalone",
        "csmsConnected": False,
        "csmsUrl": None,
        "approved": True,
        "limits": {"connectors": [{"connectorId": one["evseId"]} for one in connectors]},
    }
    return complete("ChargerState", facts | changes)


def connector(evse_id: int, **changes: Any) -> Json:
    """Return a connector where no car is."""
    facts: Json = {
        "evseId": evse_id,
        "connectorId": evse_id,
        "status": "Available",
        "statusSince": BOOTED,
        "plugged": False,
        "errorCode": "NoError",
        "availability": "operative",
        "powerW": 0.0,
    }
    return facts | changes


def transaction(**changes: Any) -> Json:
    """Return a transaction that the owner started, still open."""
    facts: Json = {
        "transactionId": "1012690501",
        "idTag": "…2C3D",
        "idTagName": "Blue card",
        "idTagStatus": "Accepted",
        "startedAt": "2026-11-21T11:30:00Z",
        "startedBy": "owner",
        "meterStartWh": 4685450.0,
        "energyWh": 396.2,
    }
    return facts | changes


def samples(*, energy: float, power: float, current: float, soc: float) -> dict[str, Json]:
    """Return the meter values of a car that charges on three phases."""
    amperes = dict.fromkeys(("L1", "L2", "L3"), current)
    volts = {"L1": 234.0, "L2": 228.5, "L3": 231.6}
    return {
        "Energy.Active.Import.Register": sample(energy, "Wh"),
        "Power.Active.Import": sample(power, "W"),
        "Current.Import": sample(current, "A", phases=amperes),
        "Voltage": sample(231.367, "V", phases=volts),
        "SoC": sample(soc, "%", location="EV"),
    }


def sample(value: float | None, unit: str | None, **changes: Any) -> Json:
    """Return the newest value of one measurand."""
    return {"value": value, "time": NOW, "unit": unit, **changes}
