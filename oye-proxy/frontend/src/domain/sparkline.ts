export interface Point {
  readonly time: number;
  readonly value: number;
}

/** Return the path of a line through the points, from zero up; empty below two points. */
export function sparkline(points: readonly Point[], width: number, height: number): string {
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined || last.time <= first.time) return "";
  const top = Math.max(1, ...points.map((point) => point.value));
  return points
    .map((point, index) => {
      const x = ((point.time - first.time) / (last.time - first.time)) * width;
      const y = height - (Math.max(0, point.value) / top) * (height - 2);
      return `${index === 0 ? "M" : "L"}${x.toFixed(1)} ${y.toFixed(1)}`;
    })
    .join("");
}
