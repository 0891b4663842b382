// Cost is counted in operations on the tree and in processor time; both have to grow with the text and not with its square.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MarkdownStream } from '../src/panel/markdown/blocks';
import { TreeSink } from './tree';

const PIECE = 32;
const SHAPES: [string, (size: number) => string][] = [
  ['a paragraph', (size) => 'some **bold** words and `code` in a sentence. '.repeat(size / 46)],
  ['a paragraph without spaces', (size) => 'x'.repeat(size)],
  ['code', (size) => `\`\`\`js\n${'const lamp = pick("desk");\n'.repeat(size / 27)}`],
  ['a list', (size) => '- an item with *emphasis*\n'.repeat(size / 26)],
  ['a table', (size) => `| a | b |\n|---|---|\n${'| one cell | **two** |\n'.repeat(size / 23)}`],
  ['stars', (size) => '*'.repeat(size)],
  ['stars and letters', (size) => '*a'.repeat(size / 2)],
  ['openers', (size) => 'a **b '.repeat(size / 6)],
  ['brackets', (size) => '['.repeat(size)],
  ['link beginnings', (size) => '[a]('.repeat(size / 4)],
  ['image beginnings', (size) => '![a]('.repeat(size / 5)],
  ['backticks in code', (size) => `\`\`\`\n${'`'.repeat(size)}`],
  ['backticks', (size) => '`'.repeat(size)],
  ['growing backticks', (size) => Array.from({ length: Math.sqrt(size * 2) }, (_, count) => '`'.repeat(count)).join(' ')],
  ['quotes', (size) => '>'.repeat(size)],
  ['lines of quotes', (size) => `${'>'.repeat(40)} a\n`.repeat(size / 43)],
  ['angles', (size) => '<'.repeat(size)],
  ['autolink beginnings', (size) => '<https:'.repeat(size / 7)],
  ['ampersands', (size) => '&'.repeat(size)],
  ['marker lines', (size) => '- '.repeat(size / 2)],
  ['numbers', (size) => '1'.repeat(size)],
  ['bars', (size) => '|'.repeat(size)],
  ['rows without a table', (size) => '| a | b |\n'.repeat(size / 10)],
  ['underscores', (size) => '_a '.repeat(size / 3)],
  ['backslashes', (size) => '\\'.repeat(size)],
  ['spaces', (size) => ' '.repeat(size)],
  ['tildes', (size) => '~~a '.repeat(size / 4)],
  ['one long undecided line', (size) => '='.repeat(size)],
  ['hashes', (size) => '# '.repeat(size / 2)],
  ['addresses', (size) => 'https://x.org/a'.repeat(size / 15)],
  ['closing brackets in an address', (size) => `https://x.org/${')'.repeat(size)}`],
  ['indented code', (size) => `    ${'a line\n    '.repeat(size / 11)}`],
  ['blank lines in indented code', (size) => `    a\n${'    \n'.repeat(size / 5)}    b`],
  ['tasks', (size) => '- [ ] a\n'.repeat(size / 8)],
  ['empty items', (size) => '-\n'.repeat(size / 2)],
  ['lists ever deeper', (size) => Array.from({ length: Math.sqrt(size) }, (_, depth) => `${'  '.repeat(depth)}- a`).join('\n')],
  ['lines under lists 31 deep', (size) => `${'- '.repeat(31)}a\n${`${' '.repeat(62)}b\n`.repeat(size / 64)}`],
  ['tabs', (size) => '\t'.repeat(size)],
  ['tabs and quotes', (size) => '\t>'.repeat(size / 2)],
  ['at signs', (size) => '@'.repeat(size)],
  ['e-mail beginnings', (size) => 'a@b.'.repeat(size / 4)],
  ['e-mail addresses', (size) => 'a@b.c '.repeat(size / 6)],
  ['words with underscores', (size) => 'a_'.repeat(size / 2)],
  ['addresses without a scheme', (size) => 'www.a.'.repeat(size / 6)],
  ['titles without an end', (size) => '[a](b "'.repeat(size / 7)],
  ['definitions', (size) => '\n[1]: a'.repeat(size / 7)],
  ['line break tags', (size) => '<br '.repeat(size / 4)],
  ['combining marks', (size) => `a${'\u0301'.repeat(size - 1)}`],
];

function run(source: string): { operations: number; ms: number } {
  const sink = new TreeSink();
  const stream = new MarkdownStream(sink);
  const before = process.cpuUsage();
  for (let at = 0; at < source.length; at += PIECE) stream.push(source.slice(at, at + PIECE));
  stream.end();
  const { user, system } = process.cpuUsage(before);
  return { operations: sink.operations, ms: (user + system) / 1000 };
}

/** The best of three: garbage collection and other work on the machine only ever add. */
function best(source: string): { operations: number; ms: number } {
  const runs = [run(source), run(source), run(source)];
  return { operations: runs[0]?.operations ?? 0, ms: Math.min(...runs.map(({ ms }) => ms)) };
}

for (const [name, build] of SHAPES) {
  test(`doubling ${name} about doubles the cost`, () => {
    const [small, large] = [best(build(16_000)), best(build(32_000))];
    assert.ok(large.operations <= small.operations * 2.3 + 200, `operations ${small.operations} → ${large.operations}`);
    assert.ok(large.ms <= small.ms * 3.2 + 15, `${small.ms.toFixed(1)} ms → ${large.ms.toFixed(1)} ms`);
    assert.ok(large.ms < 2000, `${large.ms.toFixed(0)} ms for 32 KB in pieces of ${PIECE}`);
  });
}

// What a reply of the history may hold: a megabyte of one mark, in one line and one piece.
for (const mark of ['>', '[', '*', '*a', '_a ', '- ', '1. ', '`', '~', '[a](', '![a](', '<', '@', '&', '\\', '|', '\t', 'x']) {
  test(`a megabyte of ${JSON.stringify(mark)} in one line takes two seconds of the processor at most`, () => {
    const sink = new TreeSink();
    const stream = new MarkdownStream(sink);
    const before = process.cpuUsage();
    stream.push(mark.repeat(1_000_000 / mark.length));
    stream.end();
    const { user, system } = process.cpuUsage(before);
    assert.ok(user + system < 2_000_000, `${(user + system) / 1000} ms`);
  });
}
