// Replies that cost a careless parser the square of their length, or more; and replies that are simply too much.

const K = 1000;
const times = (text, size) => text.repeat(Math.ceil(size / text.length)).slice(0, size);
const stairs = (build, size) => {
  let text = '';
  for (let step = 1; text.length < size; step += 1) text += build(step);
  return text.slice(0, size);
};

const INLINE = [
  { name: 'opening brackets', text: times('[', 100 * K) },
  { name: 'closing brackets', text: times(']', 50 * K) },
  { name: 'brackets in each other', text: times('[', 20 * K) + times(']', 20 * K) },
  { name: 'brackets in each other with an address', text: `${times('[a', 20 * K)}${times('](https://x.example)', 40 * K)}` },
  { name: 'link beginnings', text: times('[a](', 60 * K) },
  { name: 'link beginnings in angles', text: times('[a](<b', 60 * K) },
  { name: 'link beginnings with titles', text: times('[a](b "', 60 * K) },
  { name: 'references without definitions', text: times('[a][b] ', 60 * K) },
  { name: 'definitions without references', text: stairs((step) => `[r${step}]: https://x.example/${step}\n`, 60 * K) },
  { name: 'a definition used everywhere', text: `[a]: https://x.example/${'a'.repeat(1000)}\n\n${times('[a] ', 40 * K)}` },
  { name: 'image beginnings', text: times('![', 60 * K) },
  { name: 'images in each other', text: `${times('![a', 20 * K)}${times('](https://x.example/a.png)', 40 * K)}` },
  { name: 'stars', text: times('*', 100 * K) },
  { name: 'stars and letters', text: times('*a', 60 * K) },
  { name: 'stars of two kinds', text: times('*a **b ', 60 * K) },
  { name: 'stars that open and close', text: times('a*b_c**d__', 60 * K) },
  { name: 'stars in each other', text: times('*a ', 30 * K) + times(' b*', 30 * K) },
  { name: 'underscores', text: times('_a _', 60 * K) },
  { name: 'tildes', text: times('~~a ~', 60 * K) },
  { name: 'runs that grow', text: stairs((step) => `${'*'.repeat(step)}a `, 50 * K) },
  { name: 'backticks', text: times('`', 100 * K) },
  { name: 'backticks that grow', text: stairs((step) => `${'`'.repeat(step)} `, 50 * K) },
  { name: 'backticks that never match', text: times('`a ``b ', 60 * K) },
  { name: 'angles', text: times('<', 100 * K) },
  { name: 'address beginnings in angles', text: times('<https://x', 60 * K) },
  { name: 'tags that never end', text: times('<a b="', 60 * K) },
  { name: 'comments that never end', text: times('<!-- <!', 60 * K) },
  { name: 'bare addresses without spaces', text: times('https://x.example/a', 60 * K) },
  { name: 'one endless address', text: `https://x.example/${times('a)(', 100 * K)}` },
  { name: 'mail beginnings', text: times('a@', 60 * K) },
  { name: 'references to characters', text: times('&#x41;&amp;&', 60 * K) },
  { name: 'ampersands', text: times('&', 60 * K) },
  { name: 'backslashes', text: times('\\', 60 * K) },
  { name: 'everything at once', text: times('*[`<&\\~_![](', 60 * K) },
];

const BLOCKS = [
  { name: 'quotes in each other', text: times('>', 60 * K) },
  { name: 'lines of quotes', text: times(`${'> '.repeat(60)}a\n`, 100 * K) },
  { name: 'quotes that grow', text: stairs((step) => `${'>'.repeat(step % 200)} a\n`, 60 * K) },
  { name: 'items in each other', text: times('- ', 60 * K) },
  { name: 'items that move in', text: stairs((step) => `${' '.repeat(2 * (step % 200))}- a\n`, 60 * K) },
  { name: 'numbers in each other', text: times('1. ', 60 * K) },
  { name: 'many items', text: times('- a\n', 30 * K) },
  { name: 'many empty items', text: times('-\n\n', 20 * K) },
  { name: 'tasks', text: times('- [x] a\n', 30 * K) },
  { name: 'headings', text: times('# a\n', 20 * K) },
  { name: 'underlines', text: times('a\n-\n', 20 * K) },
  { name: 'rules', text: times('---\n\n', 20 * K) },
  { name: 'hashes', text: times('#', 60 * K) },
  { name: 'equal signs', text: `a\n${times('=', 60 * K)}` },
  { name: 'dashes and spaces', text: times('- - ', 30 * K) + 'a' },
  { name: 'bars', text: times('|', 60 * K) },
  { name: 'a table of ten thousand bars a row', text: `${'|'.repeat(10 * K)}\n${'|-'.repeat(10 * K)}\n${'|a'.repeat(10 * K)}` },
  { name: 'a table of many rows', text: `|a|b|c|\n|-|-|-|\n${times('|*a*|`b`|c|\n', 40 * K)}` },
  { name: 'a table of many empty rows', text: `|a|\n|-|\n${times('|\n', 20 * K)}` },
  { name: 'table heads', text: times('|a|\n', 30 * K) },
  { name: 'table heads with lines', text: times('|a|\n|-|\n', 20 * K) },
  { name: 'fences', text: times('```\n', 40 * K) },
  { name: 'a fence that never comes', text: times('```a` ', 60 * K) },
  { name: 'a fence of backticks', text: `\`\`\`\n${times('`', 60 * K)}` },
  { name: 'a listing of many lines', text: `\`\`\`js\n${times('a\n', 60 * K)}` },
  { name: 'a listing in many items', text: times('- ```\n  a\n  ```\n', 30 * K) },
  { name: 'lines', text: times('a\n', 40 * K) },
  { name: 'paragraphs', text: times('a\n\n', 20 * K) },
  { name: 'breaks', text: times('<br>', 40 * K) },
  { name: 'breaks of spaces', text: times('a  \n', 40 * K) },
];

const LENGTH = [
  { name: 'spaces', text: times(' ', 100 * K) },
  { name: 'tabs and line ends', text: times('\t\n', 60 * K) },
  { name: 'one word of a quarter megabyte', text: times('lamp', 250 * K) },
  { name: 'one line of a quarter megabyte', text: times('some words about lamps, ', 250 * K) },
  { name: 'one listing line of a quarter megabyte', text: `\`\`\`\n${times('lamp ', 240 * K)}` },
  { name: 'marks', text: `a${times('\u0301\u0302', 60 * K)}` },
  { name: 'marks and joiners', text: `a${times('\u0301\u200d', 60 * K)}` },
  { name: 'faces', text: times('\u{1f468}\u200d\u{1f469}\u200d\u{1f467} ', 20 * K) },
  { name: 'controls', text: times('\u0001\u202e\u{e0041}', 60 * K) },
  { name: 'directions', text: times('a\u05d01\u0661 ', 40 * K) },
  { name: 'many scripts', text: times('a\u0436\u4e2d\u3042\ud55c\u0e01\u0915\u0627', 40 * K) },
];

export const pathological = [...INLINE, ...BLOCKS, ...LENGTH];
