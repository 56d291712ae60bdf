/** A piece of foreign text: as it is, or a character that would not be seen. */
export interface Piece {
  readonly text: string;
  readonly escaped: boolean;
}

/** A piece of an exact text; `code` names what cannot be seen in it, and is empty where all is. */
export interface MarkedPiece {
  readonly text: string;
  readonly code: string;
}

// Control and format characters, private ones, lone surrogates, line and paragraph separators.
const UNSEEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\u2028\u2029]/u;
// What holds an emoji together is seen as part of it.
const JOINER = "\u200d";
// In a text of many lines their ends and tabs are seen as well.
const UNSEEN_IN_LINES = new RegExp(`((?:(?![\\n\\t${JOINER}])${UNSEEN.source})+)`, "u");

/** Split a foreign text so that what cannot be seen is written as `U+202E`. */
export function visible(text: string): readonly Piece[] {
  const pieces: { text: string; escaped: boolean }[] = [];
  for (const character of text) {
    const escaped = UNSEEN.test(character) && character !== JOINER;
    const shown = escaped ? codePoint(character) : character;
    const last = pieces.at(-1);
    if (last !== undefined && !escaped && !last.escaped) last.text += shown;
    else pieces.push({ text: shown, escaped });
  }
  return pieces;
}

/** Split a text of many lines into what is seen and what is not; together the pieces are the text. */
export function markedPieces(text: string): readonly MarkedPiece[] {
  return text
    .split(UNSEEN_IN_LINES)
    .map((piece, index) => ({ text: piece, code: index % 2 === 0 ? "" : codePoints(piece) }))
    .filter((piece) => piece.text !== "");
}

/** Say whether a foreign text holds what cannot be seen. */
export function hasUnseen(text: string): boolean {
  return visible(text).some(({ escaped }) => escaped);
}

/** Return a foreign text on one line, with what cannot be seen written out. */
export function plainText(text: string): string {
  return visible(text)
    .map((piece) => piece.text)
    .join("");
}

/** Cut a text between characters; the middle goes, since ids differ at their ends. */
export function shortened(text: string, room: number): string {
  const characters = Array.from(text);
  if (characters.length <= room) return text;
  const tail = Math.floor((room - 1) / 3);
  const head = room - 1 - tail;
  return `${characters.slice(0, head).join("")}…${characters.slice(characters.length - tail).join("")}`;
}

/** Split a text where a line may end: at a capital after a small letter, and at a mark. */
export function wordParts(text: string): readonly string[] {
  return text.split(/(?<=[a-z0-9])(?=[A-Z][a-z])|(?<=[,;.@/])(?=[^\s\d])|(?=\[)/);
}

/** Return the last four characters of an id tag, the rest hidden. */
export function maskedTag(tag: string): string {
  const characters = Array.from(tag);
  return characters.length <= 4 ? "••••" : `••••${characters.slice(-4).join("")}`;
}

function codePoints(text: string): string {
  return Array.from(text, codePoint).join(" ");
}

function codePoint(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
}
