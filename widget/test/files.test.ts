import assert from 'node:assert/strict';
import { test } from 'node:test';
import { complaintAbout, kindsOf } from '../src/files/check';
import { numbersIn } from '../src/files/numbers';
import { tableEnding } from '../src/files/pasted';

const LIMITS = { maxBytes: 1000, maxFiles: 2, accept: ['.csv', '.json'] };
const complaint = (name: string, size = 10, others = 0): string => complaintAbout({ name, size }, LIMITS, others);

test('files: what the server would refuse is refused before it is sent', () => {
  for (const name of ['a.csv', 'A.CSV', 'two.parts.json', 'مبيعات.csv']) assert.equal(complaint(name), '', name);
  for (const name of ['a.pdf', 'csv', 'a.csv.exe', '', 'a.csv ']) assert.equal(complaint(name), 'file_type_refused', name);
  assert.deepEqual([complaint('a.csv', 1000), complaint('a.csv', 1001)], ['', 'file_too_large']);
  assert.deepEqual([complaint('a.csv', 1, 1), complaint('a.csv', 1, 2)], ['', 'too_many_files']);
});

test('files: kinds are named the way people say them', () => assert.equal(kindsOf(LIMITS), 'CSV, JSON'));

test('paste: three even rows of a spreadsheet are a table', () => {
  for (const text of ['a\tb\n1\t2\n3\t4', 'a\tb\r\n1\t2\r\n3\t4\r\n', 'a\tb\n"one\ntwo"\t2\n3\t4\n', '\t\t\na\tb\tc\n1\t\t3', 'a\tb\n\n1\t2\n\n3\t4']) {
    assert.equal(tableEnding(text), 'tsv', JSON.stringify(text));
  }
  for (const text of ['a,b,c\n1,2,3\n"x, y",5,6', 'a;b;c\n1,5;2;3\n4;5;6\n']) assert.equal(tableEnding(text), 'csv', text);
});

test('paste: prose, code and short or ragged rows are none', () => {
  const texts = [
    '', '\n\n\n', 'a\tb\n1\t2', 'one\ntwo\nthree', 'Dear Ada,\nthank you,\nyours,', 'First, this.\nThen, that, and more.\nAt last, nothing.',
    'a\tb\n1\t2\t3\n4\t5', 'function a() {\n\treturn 1;\n}', 'a,b\n1,2\n3,4', '"a\tb\n1\t2\n3\t4',
  ];
  for (const text of texts) assert.equal(tableEnding(text), '', JSON.stringify(text));
});

test('paste: a long table is known by its beginning, in no time', () => {
  const began = performance.now();
  assert.equal(tableEnding('12\t34\t56\n'.repeat(200_000)), 'tsv');
  assert.equal(tableEnding(','.repeat(2_000_000)), '');
  assert.ok(performance.now() - began < 500);
});

test('numbers: sizes, amounts and days are written as the visitor writes them', () => {
  const english = numbersIn('en');
  const german = numbersIn('de');
  assert.deepEqual([300, 48_000, 10 * 1024 * 1024, 5 * 1024 ** 3].map(english.size), ['0.3 kB', '47 kB', '10 MB', '5 GB']);
  assert.equal(english.cell(1234.5, { type: 'currency', unit: 'EUR' }), '€1,234.50');
  assert.equal(english.cell(12.5, { type: 'decimal', unit: '%' }), '12.5 %');
  assert.equal(english.cell(99, { type: 'currency', unit: 'kr' }), '99 kr');
  assert.equal(german.cell(12345.678, { type: 'decimal' }), '12.345,68');
  assert.deepEqual([english.cell(2024, { type: 'integer' }), english.cell(20_240, { type: 'integer' })], ['2024', '20,240']);
  assert.equal(english.cell('2024-01-03', { type: 'date' }), 'Jan 3, 2024');
  assert.equal(german.cell('2024-01-03 14:05:00', { type: 'datetime' }), '03.01.2024, 14:05');
  for (const text of ['14:05:00', '2024-1-3', '9999-99-99x', '<b>']) assert.equal(english.cell(text, { type: 'text' }), text);
  assert.equal(english.cell(null, { type: 'text' }), '');
  assert.equal(english.cell('0050-01-03', { type: 'date' }), 'Jan 3, 50');
});
