export interface Point {
  readonly time: number;
  readonly value: number;
}

/**
 * Return the path of a line through the points; zero lies on the ground, the highest value at the top.
 *
 * A single value is held: it is a level line. Without a point there is none.
 */
export function sparkline(points: readonly Point[], width: number, height: number): string {
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined) return "";
  const top = Math.max(1, ...points.map((point) => point.value));
  const level = ({ value }: Point): string =>
    (height - (Math.max(0, value) / top) * (height - 2)).toFixed(1);
  const span = last.time - first.time;
  if (span <= 0) return `M0 ${level(last)}H${width}`;
  return points
    .map((point, index) => {
      const x = ((point.time - first.time) / span) * width;
      return `${index === 0 ? "M" : "L"}${x.toFixed(1)} ${level(point)}`;
    })
    .join("");
}
