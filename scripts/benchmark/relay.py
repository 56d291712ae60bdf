"""The bare relay: the proxy's two socket libraries and nothing else."""

import asyncio
import sys

import uvloop
import websockets
from aiohttp import WSMsgType, web


async def relay(request: web.Request) -> web.WebSocketResponse:
    """Dial first, answer the charger then, and pass every message on in both directions."""
    offered = request.headers["Sec-WebSocket-Protocol"]
    charger = web.WebSocketResponse(protocols=[offered], compress=False)
    async with websockets.connect(
        f"{request.app[CSMS_URL]}/{request.match_info['charge_point_id']}",
        subprotocols=[websockets.Subprotocol(offered)],
        compression=None,
        proxy=None,
    ) as csms:
        await charger.prepare(request)
        down = asyncio.ensure_future(_pass_down(csms, charger))
        async for message in charger:
            if message.type is not WSMsgType.TEXT:
                break
            await csms.send(message.data)
        down.cancel()
    return charger


async def _pass_down(csms: websockets.ClientConnection, charger: web.WebSocketResponse) -> None:
    async for text in csms:
        await charger.send_str(str(text))
    await charger.close()


CSMS_URL = web.AppKey("CSMS_URL", str)


def main() -> None:
    """Relay from the port to the CSMS: `relay.py PORT CSMS_URL`."""
    app = web.Application()
    app[CSMS_URL] = sys.argv[2]
    app.router.add_get("/ocpp/{charge_point_id}", relay)
    uvloop.install()
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None, access_log=None)


if __name__ == "__main__":
    main()
