import { createServer, request, type IncomingMessage } from "node:http";
import { connect, type NetConnectOpts, type Socket } from "node:net";

/** Home Assistant's part of ingress: it takes a prefix off paths and rewrites nothing else. */
export interface Ingress {
  readonly url: string;
  /** Let nothing of the live streams through, nor of those that are opened meanwhile. */
  hold(): void;
  /** Read on. */
  release(): void;
  /** End the session of Home Assistant: whatever is asked is refused from now on. */
  endSession(): void;
  stop(): Promise<void>;
}

export const INGRESS_PREFIX = "/api/hassio_ingress/AbC-123_x";

/** Serve the ingress listener of a proxy below a prefix; "" is the root. */
export function startIngress(
  socketPath: string,
  prefix = INGRESS_PREFIX,
): Promise<Ingress> {
  return startFront({ path: socketPath }, prefix);
}

/** Serve the public listener of a proxy to readers who bring a token without knowing it. */
export function startBearer(port: number, token: string): Promise<Ingress> {
  return startFront({ host: "127.0.0.1", port }, "", {
    authorization: `Bearer ${token}`,
  });
}

async function startFront(
  behind: NetConnectOpts,
  prefix: string,
  added: Readonly<Record<string, string>> = {},
): Promise<Ingress> {
  const sockets = new Set<Socket>();
  const streams = new Map<Socket, Socket>();
  let isOver = false;
  let isHeld = false;
  const server = createServer((incoming, answer) => {
    if (isOver) {
      answer.writeHead(401).end();
      return;
    }
    const path = pathBehind(prefix, incoming);
    if (path === null) {
      answer.writeHead(404).end();
      return;
    }
    const { method } = incoming;
    const headers = { ...incoming.headers, ...added };
    const onward = request(
      { createConnection: () => connect(behind), path, method, headers },
      (response) => {
        answer.writeHead(response.statusCode ?? 502, response.headers);
        response.pipe(answer);
      },
    );
    onward.on("error", () => answer.headersSent || answer.writeHead(502).end());
    incoming.pipe(onward);
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  server.on("upgrade", (incoming, socket: Socket, head) => {
    if (isOver) {
      socket.end("HTTP/1.1 401 Unauthorized\r\n\r\n");
      return;
    }
    const path = pathBehind(prefix, incoming) ?? "/";
    const onward = connect(behind, () => {
      const lines = Object.entries(added).map(
        ([name, value]) => `${name}: ${value}\r\n`,
      );
      onward.write(
        `GET ${path} HTTP/1.1\r\n${lines.join("")}${rawHeaders(incoming)}\r\n`,
      );
      onward.write(head);
      if (!isHeld) onward.pipe(socket);
      socket.pipe(onward);
      streams.set(onward, socket);
    });
    const end = (): void => {
      streams.delete(onward);
      onward.destroy();
      socket.destroy();
    };
    onward.on("error", end).on("close", end);
    socket.on("error", end).on("close", end);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string")
    throw new Error("no port");
  return {
    url: `http://127.0.0.1:${address.port}${prefix}/`,
    hold() {
      isHeld = true;
      for (const [onward, socket] of streams) onward.unpipe(socket).pause();
    },
    release() {
      isHeld = false;
      for (const [onward, socket] of streams) onward.pipe(socket);
    },
    endSession() {
      isOver = true;
      for (const socket of streams.values()) socket.destroy();
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function pathBehind(prefix: string, incoming: IncomingMessage): string | null {
  const url = incoming.url ?? "/";
  return url.startsWith(`${prefix}/`) ? url.slice(prefix.length) : null;
}

function rawHeaders(incoming: IncomingMessage): string {
  const names = incoming.rawHeaders;
  return names
    .map((text, index) => (index % 2 === 0 ? `${text}: ` : `${text}\r\n`))
    .join("");
}
