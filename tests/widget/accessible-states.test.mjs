// Each state of the panel in a host page, light, dark and right to left: what axe says, names, ids, and sizes to press.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { axeProblems, LEAD_FORM, tour, wordsOf } from './support/tour.mjs';
import { world } from './support/visit.mjs';

const own = world({ BOT_LEAD_FORM: LEAD_FORM, BOT_FOLLOW_UPS: '2', BOT_SUGGESTIONS: '1?|2?', BOT_POWERED_BY: 'Alcove' });

const CASES = {
  'in the light': { language: 'en', colorScheme: 'light', direction: 'ltr' },
  'in the dark': { language: 'en', colorScheme: 'dark', direction: 'ltr' },
  'from right to left': { language: 'ar', colorScheme: 'light', direction: 'rtl' },
};

for (const [what, { language, direction, colorScheme }] of Object.entries(CASES)) {
  test(`every state is sound ${what}: axe, names, ids, language and sizes`, async () => {
    const page = await own.visitButton({ attributes: `data-locale="${language}"`, colorScheme, reducedMotion: 'reduce' });
    const seen = [];
    const look = async (state) => {
      seen.push(state);
      const frame = page.frames().at(-1);
      assert.deepEqual(await axeProblems(page), [], `${state}: axe`);
      assert.deepEqual(await frame.evaluate(unnamed), [], `${state}: controls without a name`);
      assert.deepEqual(await frame.evaluate(repeatedIds), [], `${state}: ids used twice`);
      assert.deepEqual(await frame.evaluate(smallTargets, 24), [], `${state}: too small to press`);
      assert.deepEqual(await frame.evaluate(() => [document.documentElement.lang, document.documentElement.dir]), [language, direction]);
    };
    await tour({ page, upstream: own.upstream, words: wordsOf(language), look });
    assert.equal(seen.length, 8);
  });
}

test('on touch everything to press is 44 px at least', async () => {
  const page = await own.visitButton({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, reducedMotion: 'reduce' });
  const look = async (state) => assert.deepEqual(await page.frames().at(-1).evaluate(smallTargets, 44), [], state);
  await tour({ page, upstream: own.upstream, words: wordsOf('en'), look });
});

/** Looked for apart from axe: a name that only a `title` gives, or a placeholder, does not count. */
function unnamed() {
  const textOf = (element) => element?.textContent?.trim();
  const nameOf = (element) =>
    element.getAttribute('aria-label') || textOf(document.getElementById(element.getAttribute('aria-labelledby'))) || [...(element.labels ?? [])].map(textOf).join('') || (/^(button|a)$/.test(element.localName) && textOf(element));
  return [...document.querySelectorAll('button, a, input, textarea, select, [role=menu], [role=log], [role=alertdialog], form, main, section, ul[aria-label]')]
    .filter((element) => element.checkVisibility() && !/^(form|section)$/.test(element.localName) && !nameOf(element))
    .map(({ outerHTML }) => outerHTML.slice(0, 120));
}

function repeatedIds() {
  const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
  return ids.filter((id, at) => ids.indexOf(id) !== at);
}

/** Links within text are exempt, as WCAG 2.5.8 has it; a box with a label is as large as both together. */
function smallTargets(least) {
  const sizeOf = (element) => {
    const boxes = [element, ...(element.type === 'checkbox' ? element.labels : [])].map((part) => part.getBoundingClientRect());
    return [Math.max(...boxes.map(({ width }) => width)), Math.max(...boxes.map(({ height }) => height))];
  };
  return [...document.querySelectorAll('button, input, textarea, select, a:not(.reply a, label a)')]
    .filter((element) => element.checkVisibility())
    .map((element) => [element.className || element.localName, ...sizeOf(element).map((px) => Math.round(px * 100) / 100)])
    .filter(([, width, height]) => Math.min(width, height) < least);
}
