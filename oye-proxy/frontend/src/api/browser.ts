import { LiveStream, type LiveListener, type LiveSocket, type SocketListener } from "./live.ts";
import { liveUrl } from "./paths.ts";

/** Make the live stream of this page and tell it what the browser knows. */
export function browserStream(listener: LiveListener): LiveStream {
  const stream = new LiveStream(
    {
      connect,
      now: Date.now,
      random: Math.random,
      later: (action, milliseconds) => {
        const timer = setTimeout(action, milliseconds);
        return () => {
          clearTimeout(timer);
        };
      },
    },
    listener,
  );
  window.addEventListener("online", () => {
    stream.setOnline(true);
  });
  window.addEventListener("offline", () => {
    stream.setOnline(false);
  });
  document.addEventListener("visibilitychange", () => {
    stream.setVisible(!document.hidden);
  });
  return stream;
}

function connect(listener: SocketListener): LiveSocket {
  const socket = new WebSocket(liveUrl());
  socket.addEventListener("open", () => {
    listener.onOpen();
  });
  socket.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
    listener.onText(data);
  });
  socket.addEventListener("close", ({ code }) => {
    listener.onClose(code);
  });
  return {
    send: (text) => {
      socket.send(text);
    },
    close: () => {
      close(socket);
    },
  };
}

// Browsers complain of one that is closed before it stands.
function close(socket: WebSocket): void {
  if (socket.readyState !== WebSocket.CONNECTING) {
    socket.close();
    return;
  }
  socket.addEventListener("open", () => {
    socket.close();
  });
}
