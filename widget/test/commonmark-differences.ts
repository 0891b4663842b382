// The specification's examples that the panel shows otherwise on purpose, each with its reason. A test fails when one of
// them is shown as specified after all, or another one is not; docs/markdown.md tells the same to people.

export interface Difference {
  title: string;
  reason: string;
  /** Keys of examples, `c10-c12` for a row of them. */
  examples: string;
}

export const DIFFERENCES: Difference[] = [
  {
    title: 'HTML',
    reason: 'Tags and comments are shown as text. A model repeats what strangers wrote, and no list of harmless tags stays harmless for ever. Only `<br>` breaks a line.',
    examples: 'c21 c31 c148-c191 c308 c309 c344 c475-c477 c491 c494 c524 c613-c616 c623 c630 c631 c642 c643',
  },
  {
    title: 'Link references',
    reason: 'In a reply, `[1]: https://…` follows the text that refers to it. That text is finished by then, and finished blocks are never touched again. So the definition stays visible, on a line of its own and with a live address, and `[1]` stays as written.',
    examples: 'c23 c33 c192-c196 c198 c200-c208 c210 c213-c218 c317 c527-c545 c549 c550 c553-c571 c573 c575-c577 c582-c589 c591-c593',
  },
  {
    title: 'Addresses',
    reason: 'Only `http`, `https` and `mailto` become links. An address that is empty, has another scheme or is relative stays text; backslashes in a path are what the browser makes of them.',
    examples: 'c485-c487 c502 c596 c598 c599 c601 c603 g633-g635',
  },
  {
    title: 'Links without words',
    reason: 'A link whose text is empty shows its address: nobody can see or press an empty one.',
    examples: 'c484',
  },
  {
    title: 'Images',
    reason: 'An image is a link to it, as loading it would tell its server about the visitor. Links do not nest, so an image in a link is plain text in that link, and a link in an image ends the image.',
    examples: 'c517 c520',
  },
  {
    title: 'Bare addresses',
    reason: 'The specification alone leaves bare addresses as text. GitHub links them, and so does the panel, also between angle brackets that are no autolink.',
    examples: 'c602 c608 c611 c612',
  },
  {
    title: 'Semicolons after an address',
    reason: 'Only the semicolon is left out of a bare address, not all that looks like a character reference.',
    examples: 'g627',
  },
  {
    title: 'Character references',
    reason: 'The panel knows about forty names, those that replies use, and all numbers. The full table of more than two thousand would outweigh the rest of the panel. Unknown names stay as written.',
    examples: 'c25 c32 c34 c503',
  },
  {
    title: 'Lists indented by a little less or more',
    reason: 'Models nest bullets two columns under a number, and indent deeper lists by too much. Both are nested lists here; the specification ends the list, or makes text or code of it.',
    examples: 'c297 c312 c313',
  },
  {
    title: 'Empty items',
    reason: 'What follows an empty item and a blank line, indented as the item wants it, belongs to the item.',
    examples: 'c280',
  },
  {
    title: 'Rows of tables',
    reason: 'A line without a bar ends the table, as models write the next sentence right beneath it. Cells that a row leaves out are not made up, so that a hostile table costs no more than its text.',
    examples: 'g202 g204',
  },
];

/** `c3-c5 g7` as single keys. */
export function keysOf({ examples }: Difference): string[] {
  return examples.split(' ').flatMap((entry) => {
    const [first = '', last = first] = entry.split('-');
    const from = Number(first.slice(1));
    return Array.from({ length: Number(last.slice(1)) - from + 1 }, (_, at) => `${first[0]}${from + at}`);
  });
}
