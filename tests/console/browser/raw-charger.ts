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

  /** Send one text message. */
  send(text: string): void {
    this.#frame(0x1, Buffer.from(text));
  }

  /** Hear the texts that come; pings are answered from then on. */
  listen(onText: (text: string) => void): void {
    let rest = Buffer.alloc(0);
    this.socket.on("data", (chunk: Buffer) => {
      rest = Buffer.concat([rest, chunk]);
      for (;;) {
        const frame = readFrame(rest);
        if (frame === null) return;
        rest = rest.subarray(frame.end);
        if (frame.opcode === 0x1) onText(frame.payload.toString());
        if (frame.opcode === 0x9) this.#frame(0xa, frame.payload);
      }
    });
  }

  close(): void {
    this.socket.destroy();
  }

  // Masked, as a client must.
  #frame(opcode: number, payload: Buffer): void {
    const mask = randomBytes(4);
    const masked = payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0));
    this.socket.write(
      Buffer.concat([head(opcode, payload.length), mask, masked]),
    );
  }
}

function head(opcode: number, length: number): Buffer {
  if (length < 126) return Buffer.from([0x80 | opcode, 0x80 | length]);
  const isLong = length > 0xffff;
  const bytes = Buffer.alloc(isLong ? 10 : 4);
  bytes.set([0x80 | opcode, isLong ? 0xff : 0xfe]);
  if (isLong) bytes.writeBigUInt64BE(BigInt(length), 2);
  else bytes.writeUInt16BE(length, 2);
  return bytes;
}

// A server does not mask, and sends what we ask of it in one piece.
function readFrame(
  bytes: Buffer,
): { opcode: number; payload: Buffer; end: number } | null {
  if (bytes.length < 2) return null;
  const short = (bytes[1] ?? 0) & 0x7f;
  const start = short < 126 ? 2 : short === 126 ? 4 : 10;
  if (bytes.length < start) return null;
  const length =
    short < 126
      ? short
      : short === 126
        ? bytes.readUInt16BE(2)
        : Number(bytes.readBigUInt64BE(2));
  const end = start + length;
  if (bytes.length < end) return null;
  return {
    opcode: (bytes[0] ?? 0) & 0x0f,
    payload: bytes.subarray(start, end),
    end,
  };
}
