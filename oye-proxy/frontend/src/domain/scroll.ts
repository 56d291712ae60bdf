/** Where a list is scrolled to, how high its content is, and how much of it is seen; in pixels. */
export interface Scroll {
  readonly top: number;
  readonly height: number;
  readonly room: number;
}

const NEAR_END = 24;
const NEAR_TOP = 400;

/** Say whether the end is in sight. */
export function isAtEnd({ top, height, room }: Scroll): boolean {
  return height - room - top < NEAR_END;
}

/** Say whether what stands before the first row will be wanted soon. */
export function isNearTop({ top }: Scroll): boolean {
  return top < NEAR_TOP;
}

/** Say whether the reader scrolled up; rows that go move the place as well. */
export function wentUp(before: Scroll, now: Scroll): boolean {
  return now.top < before.top && now.height >= before.height;
}
