import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contrast, inkOn, luminance, parseColour, readableOn, toHex, type Rgb } from '../src/colour';
import { readConfig, withHostConfig } from '../src/panel/config';
import { isAllowedOrigin, knownParentOrigin } from '../src/panel/origins';
import { coloursFor } from '../src/panel/look';
import { directionOf, errorSentence, fill } from '../src/panel/strings/index';
import page from '../src/panel/strings/en.json';
import more from '../src/panel/strings/more/en.json';

test('colour: three and six digits are read, everything else is refused', () => {
  assert.deepEqual(parseColour('#fff'), [255, 255, 255]);
  assert.deepEqual(parseColour('#667EEA'), [102, 126, 234]);
  for (const bad of ['red', '#ffff', '#12345g', 'fff', '#fff;}', 'url(x)', '', null, 7, '#fff\n']) assert.equal(parseColour(bad), null, String(bad));
});

test('colour: contrast is the one of WCAG', () => {
  assert.equal(contrast([0, 0, 0], [255, 255, 255]), 21);
  assert.ok(Math.abs(contrast([118, 118, 118], [255, 255, 255]) - 4.54) < 0.01);
  assert.ok(Math.abs(luminance([255, 0, 0]) - 0.2126) < 1e-6);
});

test('colour: whatever the owner picks, icons and links stay readable', () => {
  const channels = [0, 60, 128, 200, 255];
  const surfaces: Rgb[] = [[255, 255, 255], [23, 25, 30]];
  for (const red of channels) for (const green of channels) for (const blue of channels) {
    const colour: Rgb = [red, green, blue];
    assert.ok(contrast(parseColour(inkOn(colour)) as Rgb, colour) >= 3, toHex(colour));
    for (const surface of surfaces) {
      assert.ok(contrast(readableOn(surface, colour, 4.5), surface) >= 4.5, toHex(colour));
      const { '--bubble': bubble } = coloursFor({ botColor: toHex(colour), botMsgBgColor: toHex(colour) }, surface);
      const text: Rgb = luminance(surface) > 0.5 ? [27, 30, 37] : [236, 238, 242];
      assert.ok(contrast(parseColour(bubble) as Rgb, text) >= 4.5, `bubble ${bubble}`);
    }
  }
});

test('host: origins are compared whole', () => {
  assert.ok(isAllowedOrigin('https://a.org', ['*']));
  assert.ok(isAllowedOrigin('https://a.org', ['https://b.org', 'https://a.org']));
  assert.ok(isAllowedOrigin('https://x.a.org', ['https://*.a.org']));
  const refused: [string, string[]][] = [
    ['https://a.org', []], ['http://a.org', ['https://a.org']], ['https://a.org:8443', ['https://a.org']], ['https://evila.org', ['https://*.a.org']],
    ['https://a.org', ['https://*.a.org']], ['http://x.a.org', ['https://*.a.org']], ['https://a.org.evil.org', ['https://a.org']], ['null', ['*']], ['', ['*']], ['file://', ['*']],
  ];
  for (const [origin, allowed] of refused) assert.equal(isAllowedOrigin(origin, allowed), false, `${origin} by ${allowed.join()}`);
});

test('host: the parent is the nearest ancestor, or who sent the visitor here', () => {
  assert.equal(knownParentOrigin(['https://a.org', 'https://top.org'], 'https://r.org/x'), 'https://a.org');
  assert.equal(knownParentOrigin(undefined, 'https://r.org/x?y'), 'https://r.org');
  assert.equal(knownParentOrigin(['null'], 'https://r.org/'), null);
  assert.equal(knownParentOrigin(undefined, ''), null);
});

test('config: what the page does not say has a default', () => {
  const config = readConfig('{"botName":"Ada"}', '');
  assert.deepEqual([config.botName, config.botColor, config.suggestions, config.limits.maxMessageChars, config.leadForm], ['Ada', '#667eea', [], 8000, null]);
});

test('config: the address may set a greeting, questions and a picture', () => {
  const config = readConfig('{"welcome":"Hi","suggestions":["a"]}', '#greeting=Hello&suggestions=x%7C%20y%20%7C&icon=%2Fi.png');
  assert.deepEqual([config.welcome, config.suggestions, config.botIcon], ['Hello', ['x', 'y'], '/i.png']);
});

test('config: looks in the address and the host page override the owner, checked', () => {
  const config = readConfig('{"botName":"Ada","botColor":"#123456"}', '#theme=dark&color=%23abcdef&name=Bob');
  assert.deepEqual([config.botName, config.botColor, config.theme], ['Bob', '#abcdef', 'dark']);
  const bad = readConfig('{"botName":"Ada","botColor":"#123456"}', '#theme=pink&color=red;');
  assert.deepEqual([bad.botName, bad.botColor, bad.theme], ['Ada', '#123456', 'auto']);
  const host = withHostConfig(config, { botName: 'Eve', botColor: 'url(x)', botMsgBgColor: '#fff', poweredBy: 4 });
  assert.deepEqual([host.botName, host.botColor, host.botMsgBgColor, host.poweredBy], ['Eve', '#abcdef', '#fff', '']);
});

test('strings: Arabic and Hebrew are written from right to left', () => {
  assert.deepEqual(['ar', 'he-IL', 'en', 'de-CH', 'arn'].map(directionOf), ['rtl', 'rtl', 'ltr', 'ltr', 'ltr']);
});

const en = { ...page, ...more };

test('strings: errors have a sentence, unknown ones the server’s or a general one', () => {
  assert.equal(errorSentence(en, { code: 'rate_limited', seconds: 12 }), 'That was a lot of messages at once. Try again in 12 seconds.');
  assert.equal(errorSentence(en, { code: 'rate_limited' }), en['error.rate_limited_soon']);
  assert.equal(errorSentence(en, { code: 'something_new', message: 'Fresh trouble.' }), 'Fresh trouble.');
  assert.equal(errorSentence(en, { code: 'something_new' }), en['error.unknown']);
  assert.equal(fill('{a} and {b}', { a: 1 }), '1 and {b}');
});
