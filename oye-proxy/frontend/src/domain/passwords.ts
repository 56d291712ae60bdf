/** The server takes no shorter one. */
export const PASSWORD_LENGTH = 8;

export type PasswordFault = "too_short" | "differ";

/** Say what is wrong with a new password that was typed twice; null when nothing is. */
export function passwordFault(password: string, repeated: string): PasswordFault | null {
  if (Array.from(password).length < PASSWORD_LENGTH) return "too_short";
  return password === repeated ? null : "differ";
}
