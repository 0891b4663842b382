// The visitor's language: who chooses it, and that no word of another one is left on the screen.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { launcher, newVisitor, openPanel, panelOf, startBrowser } from './support/browser.mjs';
import { startHost } from './support/host.mjs';
import { startServer } from './support/server.mjs';
import { LEAD_FORM, tour, wordsOf } from './support/tour.mjs';
import { startUpstream } from './support/upstream.mjs';

const LANGUAGES = readdirSync(new URL('../../widget/src/panel/strings/', import.meta.url)).filter((name) => name.endsWith('.json')).map((name) => name.replace('.json', ''));
const ENGLISH = wordsOf('en');
let browser, upstream, server;

before(async () => {
  browser = await startBrowser();
  upstream = await startUpstream();
  server = await startServer({ ...upstream.env, BOT_LEAD_FORM: LEAD_FORM, BOT_FOLLOW_UPS: '2', BOT_SUGGESTIONS: '1?|2?' });
});
after(async () => {
  await browser?.close();
  await server?.close();
  await upstream?.close();
});

/** Everything one can read or be told in the frame, in pieces. */
function visibleWords() {
  const pieces = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node instanceof Element ? node : node.parentElement;
    if (!element.checkVisibility()) continue;
    if (node instanceof Text) pieces.add(node.data.trim());
    else for (const name of ['aria-label', 'title', 'placeholder', 'alt']) pieces.add(node.getAttribute(name) ?? '');
  }
  return [...pieces];
}

/** English sentences that are said otherwise in that language; the bot's name stands in both. */
function foreignTo(words) {
  const say = (sentence) => sentence.replace('{name}', 'Ada');
  const own = new Set(Object.values(words).map(say));
  return new Set(Object.values(ENGLISH).map(say).filter((sentence) => !own.has(sentence)));
}

test('there are 18 languages', () => assert.equal(LANGUAGES.length, 18, LANGUAGES.join(' ')));

describe('each language', { concurrency: 3 }, () => {
  for (const language of LANGUAGES) {
    test(`${language}: the whole panel speaks it`, async () => {
      const words = wordsOf(language);
      const foreign = foreignTo(words);
      const { context, page } = await newVisitor(browser, { locale: 'en-GB', reducedMotion: 'reduce' });
      const host = await startHost(server.origin, { attributes: `data-locale="${language}"` });
      const read = new Set();
      const look = async (state) => {
        const seen = await page.frames().at(-1).evaluate(visibleWords);
        assert.deepEqual(seen.filter((piece) => foreign.has(piece)), [], state);
        seen.forEach((piece) => read.add(piece));
      };
      await page.goto(host.origin);
      await launcher(page).waitFor();
      await tour({ page, upstream, words, look });
      const direction = ['ar', 'he'].includes(language) ? 'rtl' : 'ltr';
      assert.deepEqual(await page.frames().at(-1).evaluate(() => [document.documentElement.lang, document.documentElement.dir]), [language, direction]);
      const wanted = ['placeholder', 'composer', 'send', 'menu', 'close', 'copyReply', 'good', 'bad', 'regenerate', 'edit', 'conversations', 'download', 'erase', 'eraseQuestion', 'back', 'leadTitle', 'leadEmail', 'leadSkip', 'error.model_error', 'retry', 'copyCode', 'table', 'suggestions'];
      assert.deepEqual(wanted.filter((key) => !read.has(words[key])), [], 'seen on the way');
      await Promise.all([context.close(), host.close()]);
    });
  }
});

/** The language of the panel and its composer's hint. */
async function spoken({ settings = {}, attributes = '', locale = 'en-GB' }) {
  const own = await startServer({ ...upstream.env, ...settings });
  const host = await startHost(own.origin, { attributes });
  const { context, page } = await newVisitor(browser, { locale });
  await page.goto(host.origin);
  await openPanel(page);
  const panel = panelOf(page);
  const answer = [await panel.frame.locator('html').getAttribute('lang'), await panel.field.getAttribute('placeholder')];
  await Promise.all([context.close(), host.close(), own.close()]);
  return answer;
}
const hint = (language) => [language, wordsOf(language).placeholder];

test('the browser’s language is spoken, else English', async () => {
  assert.deepEqual(await spoken({ locale: 'fr-CH' }), hint('fr'));
  assert.deepEqual(await spoken({ locale: 'zh-TW' }), hint('zh-Hant'));
  assert.deepEqual(await spoken({ locale: 'fi-FI' }), hint('en'));
});

test('the owner’s choice wins over the browser, the host page’s over both', async () => {
  const settings = { BOT_LANGUAGE: 'de' };
  assert.deepEqual(await spoken({ settings, locale: 'fr-CH' }), hint('de'));
  assert.deepEqual(await spoken({ settings, attributes: 'data-locale="it"', locale: 'fr-CH' }), hint('it'));
  assert.deepEqual(await spoken({ settings, attributes: 'data-locale="page"', locale: 'fr-CH' }), hint('en'), 'the page is English');
});

test('the owner’s own words are shown, for every language or for one', async () => {
  const settings = { BOT_STRINGS: JSON.stringify({ placeholder: 'Ask about lamps', de: { placeholder: 'Fragen Sie nach Lampen' } }) };
  assert.deepEqual(await spoken({ settings, locale: 'de-CH' }), ['de', 'Fragen Sie nach Lampen']);
  assert.deepEqual(await spoken({ settings, locale: 'en-GB' }), ['en', 'Ask about lamps']);
});
