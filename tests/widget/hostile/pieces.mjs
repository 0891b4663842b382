// Cuts replies the same awkward way each time.

/** Numbers from 0 to 1, the same ones for the same seed (a linear congruential generator). */
export function numbers(seed) {
  let state = seed >>> 0 || 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Pieces of `least` to `most` characters; never within a pair of surrogates, which no vendor's JSON could carry. */
export function cut(text, least, most, seed) {
  const next = numbers(seed);
  const characters = Array.from(text);
  const pieces = [];
  for (let at = 0; at < characters.length; ) {
    const size = least + Math.floor(next() * (most - least + 1));
    pieces.push(characters.slice(at, at + size).join(''));
    at += size;
  }
  return pieces;
}
