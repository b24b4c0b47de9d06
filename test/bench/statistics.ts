/** What is said of a list of measurements. */

export interface Summary {
  readonly count: number;
  readonly median: number;
  readonly p95: number;
  readonly min: number;
  readonly max: number;
}

/**
 * Median (mean of the two in the middle), 95th percentile (nearest rank), least and greatest; undefined of nothing.
 * @param values in any order and unit; what is undefined was not measured and does not count
 */
export function summarize(values: readonly (number | undefined)[]): Summary | undefined {
  const sorted = values.filter((one) => one !== undefined).sort((a, b) => a - b);
  const count = sorted.length;
  const at = (index: number) => sorted[Math.max(0, Math.min(count - 1, index))] ?? Number.NaN;
  if (!count) return undefined;
  return {
    count,
    median: (at(Math.floor((count - 1) / 2)) + at(Math.ceil((count - 1) / 2))) / 2,
    p95: at(Math.ceil(0.95 * count) - 1),
    min: at(0),
    max: at(count - 1),
  };
}
