// Medians of many rounds. In each round everything is taken once, one after the other, so that what disturbs the machine for a
// while disturbs the control as well.

/** Runs the named measurements in turns; answers with all values of each. Of three rounds or more there is one before that
 *  does not count: programs and files are read from the disk for the first time. */
export async function rounds(count, measurements) {
  const values = Object.fromEntries(Object.keys(measurements).map((name) => [name, []]));
  for (let round = count < 3 ? 0 : -1; round < count; round += 1) {
    for (const [name, measure] of Object.entries(measurements)) {
      const value = await measure();
      if (round >= 0) values[name].push(value);
    }
  }
  return values;
}

export function median(values) {
  const sorted = [...values].sort((one, two) => one - two);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The middle half, for people who ask how far apart the rounds were. */
export function spread(values) {
  const sorted = [...values].sort((one, two) => one - two);
  const at = (share) => sorted[Math.round((sorted.length - 1) * share)];
  return `${at(0.25).toFixed(0)}–${at(0.75).toFixed(0)}`;
}
