// The direction of a text by its first letter, as `dir=auto` finds it. On something that grows, the browser's own search
// begins anew with every node that is added, and a reply of ten thousand nodes takes seconds.

const LETTER = /\p{L}/u;
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** Empty while there is no letter. */
export function directionOfText(text: string): 'ltr' | 'rtl' | '' {
  const letter = LETTER.exec(text)?.[0];
  if (letter === undefined) return '';
  return RIGHT_TO_LEFT.test(letter) ? 'rtl' : 'ltr';
}
