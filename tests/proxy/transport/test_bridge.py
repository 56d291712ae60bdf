import asyncio
from typing import Any

import pytest

from oye_proxy.ocppj.commands import Peer, Record
from oye_proxy.simulator.scripted import ScriptedCsms

CORPUS = [
    '[2,"1","Heartbeat",{}]',
    ' [ 2 ,\t"1" ,\n"Heartbeat" , { } ]\r\n',
    '[2,"1","MeterValues",{"v":1.0,"w":1e400,"x":-0,"y":12345678901234567890123,"z":0.10}]',
    '[2,"\\u00e9\\ud83d\\ude00","DataTransfer",{"data":"\\/\\u0000\\\\ é 😀"}]',
    '[2,"1","DataTransfer",{"a":1,"a":2,"A":3}]',
    "AT+CSQ\r\n",
    "",
    "[" * 1000,
    b"\x00\xff binary",
    b'[2,"1","Heartbeat",{}]',
    "x" * 70_000,
]


@pytest.mark.parametrize("data", CORPUS, ids=range(len(CORPUS)))
async def test_what_passes_is_equal_both_ways(
    proxy: Any, csms: ScriptedCsms, data: str | bytes
) -> None:
    """Promise 1: the characters that arrived, with the same opcode."""
    proxy.admit(csms.url)
    async with await proxy.connect() as charger:
        peer = await csms.next_connection()
        for source, target in ((charger, peer), (peer, charger)):
            if isinstance(data, str):
                await source.send_text(data)
            else:
                await source.send_bytes(data)

            assert data == await target.receive()
