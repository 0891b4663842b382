import assert from 'node:assert/strict';
import { test } from 'node:test';
import { complaintAbout } from '../src/extras/check';
import { consentParts } from '../src/extras/consent';
import { relativeDate } from '../src/extras/dates';

const complaint = (type: 'text' | 'email' | 'tel', entry: string, required = false): string | null => complaintAbout({ type, required }, entry);

test('lead form: an e-mail address has one @ with text on both sides and a dot', () => {
  for (const good of ['a@b.c', ' ada@example.com ', 'ada+shop@mail.example.co.uk', 'ädä@bücher.example', "o'neil@example.com", 'ада@пример.рф', `${'a'.repeat(480)}@example.com`]) {
    assert.equal(complaint('email', good), null, good);
  }
  for (const bad of ['ada', 'ada@', '@example.com', 'ada@example', 'ada.example.com', 'a@b@c.d', 'a b@c.d', 'ada@.', 'ada@example.', '<img src=x>@']) {
    assert.equal(complaint('email', bad), 'leadEmailWrong', bad);
  }
});

test('lead form: a phone number has five to twenty digits and what people put between them', () => {
  for (const good of ['12345', '+41 44 123 45 67', '(044) 123-45-67', '044/123.45.67', '1'.repeat(20), '٠١٢٣٤٥٦٧٨٩', '  12345  ', '+41\u00a044\u00a01234567']) {
    assert.equal(complaint('tel', good), null, good);
  }
  for (const bad of ['1234', '+()-./', 'call me', '12345x', '1'.repeat(21), '+41 44 123 45 67 ext. 8', '12345;rm']) {
    assert.equal(complaint('tel', bad), 'leadPhoneWrong', bad);
  }
});

test('lead form: only a required field must be filled in, and white space does not fill it', () => {
  for (const empty of ['', ' ', '\t\n\u00a0']) for (const type of ['text', 'email', 'tel'] as const) {
    assert.equal(complaint(type, empty, true), 'leadMissing');
    assert.equal(complaint(type, empty), null);
  }
});

test('lead form: checking a long hostile entry takes no time', () => {
  const began = performance.now();
  for (const piece of ['a@', 'a.', '@', '1 ', '(', '1'.repeat(19)]) for (const type of ['email', 'tel'] as const) complaint(type, piece.repeat(5000));
  assert.ok(performance.now() - began < 500);
});

test('consent: one link is found within the text', () => {
  const parts = consentParts('I agree to the [privacy notice](https://example.com/privacy?a=1).');
  assert.deepEqual(parts.map(({ text, url }) => [text, url?.href]), [['I agree to the ', undefined], ['privacy notice', 'https://example.com/privacy?a=1'], ['.', undefined]]);
  assert.equal(consentParts('[all](https://a.example) of it').length, 2);
});

test('consent: only the first link becomes one', () => {
  const parts = consentParts('[a](https://a.example) or [b](https://b.example)');
  assert.deepEqual(parts.map(({ url }) => url?.host), ['a.example', undefined]);
  assert.equal(parts.at(-1)?.text, ' or [b](https://b.example)');
});

test('consent: what may not be a link stays the text it was', () => {
  const texts = ['Plain words.', '', '[x](javascript:alert(1))', '[x](javascript:alert)', '[x](data:text/html,x)', '[x](/privacy)', '[x](//evil.example)', '[x]', '[](https://a.example)', '[x] (https://a.example)', '<a href="https://a.example">x</a>', '[x](java\tscript:alert)', '['.repeat(10_000)];
  for (const text of texts) assert.deepEqual(consentParts(text), [{ text }]);
});

const NOW = new Date(2026, 10, 24, 15, 0).getTime();
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

test('conversations: how long ago is said the way people say it', () => {
  const cases: [number, string][] = [
    [NOW, 'now'],
    [NOW - MINUTE, '1 minute ago'],
    [NOW - 59 * MINUTE, '59 minutes ago'],
    [NOW - 11 * HOUR, '11 hours ago'],
    [NOW - 14 * HOUR, 'today'],
    [NOW - 16 * HOUR, 'yesterday'],
    [NOW - 38 * HOUR, 'yesterday'],
    [NOW - 6 * DAY, '6 days ago'],
    [NOW - 7 * DAY, 'Nov 17'],
    [NOW - 400 * DAY, 'Oct 20, 2025'],
  ];
  for (const [at, expected] of cases) assert.equal(relativeDate(at, NOW, 'en'), expected);
  assert.equal(relativeDate(NOW - DAY, NOW, 'de'), 'gestern');
  assert.equal(relativeDate(NOW - DAY, NOW, 'zh-Hant'), '昨天');
});

test('conversations: a clock put back or a broken time does no harm', () => {
  assert.equal(relativeDate(NOW + DAY, NOW, 'en'), 'now');
  for (const at of [Number.NaN, Infinity, 1e300]) assert.equal(relativeDate(at, NOW, 'en'), '');
});
