/** @module A line as small as a word. */
import type { JSX } from "preact";

const [width, height, points] = [120, 28, 40];

/** As many sums as fit. */
function gathered(values: readonly number[]): number[] {
  const size = Math.ceil(values.length / points);
  if (size <= 1) return [...values];
  return Array.from({ length: Math.ceil(values.length / size) }, (_, index) =>
    values.slice(index * size, (index + 1) * size).reduce((sum, value) => sum + value, 0),
  );
}

export function Spark({
  values,
  label,
}: {
  values: readonly number[];
  label: string;
}): JSX.Element {
  const first = values.findIndex((value) => value > 0);
  const sums = gathered(values.slice(Math.max(0, first - 1)));
  const most = Math.max(1, ...sums);
  if (sums.length < 2) return <span class="spark none" />;
  const at = sums.map((value, index) => {
    const x = (index / (sums.length - 1)) * width;
    return `${x.toFixed(1)},${(height - 2 - (value / most) * (height - 4)).toFixed(1)}`;
  });
  return (
    <svg class="spark" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
      <polygon points={`0,${height} ${at.join(" ")} ${width},${height}`} />
      <polyline points={at.join(" ")} />
    </svg>
  );
}
