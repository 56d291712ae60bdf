/** Copy a text where the browser allows it, which plain http does not; say whether it did. */
export async function copyText(text: string): Promise<boolean> {
  if (!window.isSecureContext) return false;
  try {
    const { clipboard } = navigator;
    await clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
