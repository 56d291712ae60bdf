/** The parts of an OCPP-J frame as they were written; payload is the last but for errors, whose are the details. */
export interface FrameParts {
  readonly messageType: string;
  readonly messageId: string;
  /** The action of a CALL or SEND, the code of an error, null of a result. */
  readonly word: string | null;
  /** The exact text of the payload. */
  readonly payload: string;
}

const TAG = /("(?:idTag|parentIdTag|idToken)"\s*:\s*")((?:[^"\\]|\\.)*)(?=")/g;

/** Take a frame apart without reading its payload; null when it is no frame. */
export function partsOf(text: string): FrameParts | null {
  const parts = elementsOf(text);
  const [messageType, id, word] = parts ?? [];
  const payload = parts?.at(-1);
  const messageId = stringOf(id);
  if (parts === null || parts.length < 3 || messageType === undefined) return null;
  if (messageId === null || payload === undefined) return null;
  return { messageType, messageId, word: parts.length > 3 ? stringOf(word) : null, payload };
}

/** Return a text with the value of each id tag changed. */
export function withTags(text: string, change: (tag: string) => string): string {
  return text.replace(
    TAG,
    (_, head: string, tag: string) => head + escaped(change(unescaped(tag))),
  );
}

/** Say whether a text holds an id tag. */
export function hasTags(text: string): boolean {
  return text.search(TAG) >= 0;
}

// The elements of the outermost array, as they are written.
function elementsOf(text: string): readonly string[] | null {
  const trimmed = text.trim();
  if (!trimmed.startsWith("[") || !trimmed.endsWith("]")) return null;
  const elements: string[] = [];
  let depth = 0;
  let start = 1;
  for (let index = 1; index < trimmed.length - 1; index += 1) {
    const character = trimmed.charAt(index);
    if (character === '"') {
      index = endOfString(trimmed, index);
      if (index < 0) return null;
    } else if (character === "{" || character === "[") depth += 1;
    else if (character === "}" || character === "]") depth -= 1;
    else if (character === "," && depth === 0) {
      elements.push(trimmed.slice(start, index).trim());
      start = index + 1;
    }
  }
  elements.push(trimmed.slice(start, -1).trim());
  return elements;
}

function endOfString(text: string, start: number): number {
  for (let index = start + 1; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (character === "\\") index += 1;
    else if (character === '"') return index;
  }
  return -1;
}

function stringOf(text: string | undefined): string | null {
  try {
    const value: unknown = JSON.parse(text ?? "");
    return typeof value === "string" ? value : null;
  } catch {
    return null;
  }
}

function unescaped(text: string): string {
  return stringOf(`"${text}"`) ?? text;
}

function escaped(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
