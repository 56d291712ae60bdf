/** Say whether a place belongs to an entry of the navigation: `#/chargers/CP1` to Chargers. */
export function belongsTo(path: readonly string[], pattern: string): boolean {
  return path[0] === pattern.split("/")[0];
}
