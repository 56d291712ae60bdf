/** Return the absolute URL of a path of the server, below whatever prefix the page has. */
export function serverUrl(path: string, base = document.baseURI): URL {
  return new URL(path.replace(/^\//, ""), base);
}

/** Return the address of the live stream. */
export function liveUrl(base = document.baseURI): URL {
  const url = serverUrl("api/live", base);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url;
}

/**
 * Return an id as one segment of a path.
 *
 * Supervisor decodes and encodes paths anew and refuses some: what needs escaping travels as `~` and base64url.
 */
export function pathId(id: string): string {
  const plain = id !== "" && id !== "." && id !== ".." && !id.startsWith("~");
  return plain && escaped(id) === id ? id : `~${base64url(id)}`;
}

/** Return the id that a segment stands for; null when it stands for none. */
export function idOfPath(segment: string): string | null {
  try {
    if (!segment.startsWith("~")) return decodeURIComponent(segment);
    const base64 = segment.slice(1).replaceAll("-", "+").replaceAll("_", "/");
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

// A lone surrogate cannot be escaped.
function escaped(id: string): string | null {
  try {
    return encodeURIComponent(id);
  } catch {
    return null;
  }
}

function base64url(id: string): string {
  const bytes = new TextEncoder().encode(id);
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
