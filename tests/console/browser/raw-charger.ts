import { randomBytes } from "node:crypto";
import { request } from "node:http";
import type { Duplex } from "node:stream";

/** A charger that connects under any name, and says nothing but its boot. */
export default class RawCharger {
  private constructor(private readonly socket: Duplex) {}

  /** Connect under a name, percent-encoded as a charger's URL would be. */
  static open(port: number, name: string): Promise<RawCharger> {
    const path = `/ocpp/${encodeURIComponent(name).replaceAll(".", "%2E")}`;
    const headers = {
      Connection: "Upgrade",
      Upgrade: "websocket",
      "Sec-WebSocket-Version": "13",
      "Sec-WebSocket-Key": randomBytes(16).toString("base64"),
      "Sec-WebSocket-Protocol": "ocpp1.6",
    };
    return new Promise((resolve, reject) => {
      const asked = request({ host: "127.0.0.1", port, path, headers });
      asked.on("upgrade", (_response, socket) => {
        const charger = new RawCharger(socket);
        const about = {
          chargePointVendor: name.slice(0, 20),
          chargePointModel: "<b>Model</b>",
        };
        charger.send(JSON.stringify([2, "1", "BootNotification", about]));
        resolve(charger);
      });
      asked.on("response", (response) => {
        reject(new Error(`${name} was refused: ${response.statusCode ?? 0}`));
      });
      asked.on("error", reject);
      asked.end();
    });
  }

  /** Send one text message, masked as a client must. */
  send(text: string): void {
    const payload = Buffer.from(text);
    const mask = randomBytes(4);
    const head =
      payload.length < 126
        ? Buffer.from([0x81, 0x80 | payload.length])
        : Buffer.from([0x81, 0xfe, payload.length >> 8, payload.length & 0xff]);
    const masked = payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0));
    this.socket.write(Buffer.concat([head, mask, masked]));
  }

  close(): void {
    this.socket.destroy();
  }
}
