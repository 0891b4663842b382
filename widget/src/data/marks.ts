// Marks the numbers of a reply that nothing was computed for. Only text nodes are touched, after the last piece is there.
import { make } from '../panel/view/elements';

/** Code is quoted and links are names: what stands there is no claim. */
const NOT_SAID = 'code, pre, a, .link-host, figcaption';

/** A reply of nothing but numbers is marked so far; the note below it holds for the rest. */
const MAX_MARKS = 500;

/** How many were marked. */
export function markNumbers(reply: Element, numbers: string[], note: string): number {
  const wanted = numbers.filter(Boolean).sort((one, next) => next.length - one.length);
  // Streamed text comes in pieces that may end between the parts of a number: 98 765.
  reply.normalize();
  const walker = document.createTreeWalker(reply, NodeFilter.SHOW_TEXT);
  const found: [Text, [number, number][]][] = [];
  let left = MAX_MARKS;
  while (left > 0 && walker.nextNode()) {
    const node = walker.currentNode as Text;
    const places = node.parentElement?.closest(NOT_SAID) ? [] : placesIn(node.data, wanted).slice(0, left);
    if (places.length) found.push([node, places]);
    left -= places.length;
  }
  for (const [node, places] of found) for (const [start, end] of places.reverse()) wrap(node, start, end, note);
  return MAX_MARKS - left;
}

/** Where the numbers stand as whole numbers, from first to last; the longest of those at one place. */
export function placesIn(text: string, wanted: string[]): [number, number][] {
  const places: [number, number][] = [];
  for (const number of wanted) {
    for (let at = text.indexOf(number); at >= 0; at = text.indexOf(number, at + number.length)) {
      const end = at + number.length;
      const isTaken = places.some(([from, to]) => at < to && from < end);
      if (!isTaken && isWhole(text, at, end)) places.push([at, end]);
    }
  }
  return places.sort(([one], [next]) => one - next);
}

/** Whether no digit goes on before or behind, past the marks that stand within numbers. */
function isWhole(text: string, start: number, end: number): boolean {
  const startsOpen = /^[\p{N}]/u.test(text.slice(start, end)) && /[\p{L}\p{N}_]$|\p{N}[.,'’\u00a0\u202f]$/u.test(text.slice(Math.max(0, start - 4), start));
  return !startsOpen && !/^\p{N}|^[.,'’\u00a0\u202f]\p{N}/u.test(text.slice(end, end + 4));
}

function wrap(node: Text, start: number, end: number, note: string): void {
  const number = node.splitText(start);
  number.splitText(end - start);
  const mark = make('span', 'not-computed');
  mark.title = note;
  number.replaceWith(mark);
  mark.append(number, make('span', 'sr-only', ` (${note})`));
}
