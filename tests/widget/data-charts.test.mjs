// Charts below an answer: what is drawn, read by keyboard and by the accessibility tree, and saved. The replies are told in
// the server's place.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, afterEach, before, test } from 'node:test';
import { ask, newVisitor, startBrowser, until } from './support/browser.mjs';
import { answerWith, CHARTS, step } from './support/computed.mjs';
import { startServer } from './support/server.mjs';

let browser, server, visitor, page;

before(async () => {
  browser = await startBrowser();
  server = await startServer({ AI_PROVIDER: 'demo' });
});
after(async () => {
  await browser?.close();
  await server?.close();
});
afterEach(async () => {
  await visitor.context.close();
  assert.deepEqual({ violations: visitor.violations, problems: visitor.problems }, { violations: [], problems: [] });
});

/** Opens the panel and has it show these charts. */
async function show(charts, { language = 'en', ...options } = {}) {
  visitor = await newVisitor(browser, { viewport: { width: 400, height: 720 }, reducedMotion: 'reduce', ...options });
  page = visitor.page;
  await page.goto(`${server.origin}/embed?locale=${language}`);
  await answerWith(page, { steps: charts.map((chart, at) => step(String(at + 1), chart)) });
  await ask({ field: page.getByRole('textbox') }, 'Draw');
  await page.locator('.chart').nth(charts.length - 1).waitFor();
  // Those out of sight are drawn when they are scrolled to.
  for (const chart of await page.locator('.chart').all()) {
    await chart.scrollIntoViewIfNeeded();
    await chart.locator('.chart-walk, .chart-picture + *, .proof-note').first().waitFor({ state: 'attached' });
  }
  await until(async () => (await page.locator('.chart-place.is-empty').count()) === 0, 'all drawn');
}

const marksOf = (chart) => chart.locator('.bar:not(.chart-legend *), .mark, .dot').count();

for (const [what, chart] of Object.entries(CHARTS)) {
  test(`a chart is drawn and read out: ${what}`, async () => {
    await show([chart]);
    const figure = page.getByRole('figure', { name: chart.chart.title });
    const series = Math.max(1, chart.chart.y.length);
    const picture = figure.getByRole('img');
    const name = await picture.getAttribute('aria-label');
    assert.match(name, new RegExp(`^${chart.chart.title.replace(/[()]/g, '.')}\\. (Bar|Line|Area|Pie|Scatter) chart|Histogram`));
    assert.match(name, /Values: \d+, from .+ to .+\.$/);
    const empty = chart.chart.kind === 'histogram' ? 0 : chart.rows.flatMap((row) => row.slice(1, series + 1)).filter((cell) => cell === null).length;
    if (chart.chart.kind !== 'pie' && chart.chart.kind !== 'histogram') assert.equal(await marksOf(figure), chart.shapes * series - empty);
    else assert.equal(await marksOf(figure), chart.shapes);
    for (const width of [320, 400, 760]) {
      await page.setViewportSize({ width, height: 720 });
      await until(async () => Math.abs(Number(await picture.getAttribute('width')) - (await figure.locator('.chart-place').evaluate((place) => place.clientWidth))) < 1.5, `drawn ${width} wide`);
      assert.deepEqual(await picture.evaluate(faults), [], `${width} wide`);
    }
  });
}

/** Text beyond the picture, text over other text, and places that are no numbers. */
function faults(picture) {
  const inside = picture.getBoundingClientRect();
  const texts = [...picture.querySelectorAll('text')].filter((text) => text.textContent);
  const found = texts.filter((text) => {
    const box = text.getBoundingClientRect();
    return box.left < inside.left - 2 || box.right > inside.right + 2 || box.top < inside.top - 2 || box.bottom > inside.bottom + 2;
  }).map((text) => `beyond: ${text.textContent}`);
  const flat = texts.filter((text) => !text.hasAttribute('transform')).map((text) => [text.textContent, text.getBoundingClientRect()]);
  for (const [at, [one, a]] of flat.entries()) for (const [other, b] of flat.slice(at + 1)) {
    if (a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 4 && b.top < a.bottom - 4) found.push(`over each other: ${one} and ${other}`);
  }
  for (const shape of picture.querySelectorAll('*')) for (const { name, value } of shape.attributes) if (/NaN|Infinity|undefined|null/.test(value)) found.push(`${shape.localName} ${name}=${value}`);
  return found;
}

test('a chart without values says so, and one that is cut short says that, too', async () => {
  await show([{ ...CHARTS.bar, rows: [] }, { ...CHARTS.line, rows: [['x', 'y', 'z', null]] }, { ...CHARTS.bar, truncated: true }]);
  assert.equal(await page.getByText('There is nothing to draw.').count(), 2);
  assert.equal(await page.locator('.chart').last().getByText('Only the first rows are shown: 4').count(), 1);
});

test('values are walked with the arrow keys and read out', async () => {
  await show([CHARTS.line]);
  const list = page.getByRole('listbox', { name: 'Values, to go through with the arrow keys: Orders by channel' });
  const said = async () => {
    const option = page.locator(`#${await list.getAttribute('aria-activedescendant')}`);
    return [await option.getAttribute('role'), (await option.textContent()).replace(/\s+/g, ' '), await option.getAttribute('aria-posinset')];
  };
  await page.locator('.chart-title').click();
  await page.locator('.log').focus();
  await page.keyboard.press('Tab');
  while (!(await list.evaluate((node) => node === document.activeElement))) await page.keyboard.press('Tab');
  assert.deepEqual(await said(), ['option', 'Jan 2024 online 1000shop 2000phone 500', '1']);
  const before = await list.getAttribute('aria-activedescendant');
  await page.keyboard.press('ArrowRight');
  assert.deepEqual(await said(), ['option', 'Feb 2024 online 1090shop 1940phone 540', '2']);
  assert.notEqual(await list.getAttribute('aria-activedescendant'), before, 'what is new is noticed');
  for (const [key, place] of [['End', '12'], ['ArrowRight', '12'], ['ArrowLeft', '11'], ['PageUp', '1'], ['ArrowLeft', '1'], ['PageDown', '11'], ['Home', '1']]) {
    await page.keyboard.press(key);
    assert.equal((await said())[2], place, key);
  }
  for (let times = 0; times < 5; times += 1) await page.keyboard.press('ArrowRight');
  assert.match((await said())[1], /phone –$/);
  assert.equal(await page.locator('.is-on').count(), 3, 'a guide and two points');
  await page.keyboard.press('Escape');
  assert.equal(await page.getByRole('option').count(), 0);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Tab');
  assert.equal(await page.getByRole('option').count(), 0, 'it goes with the focus');
});

test('a value that is pointed at is told beside it, within the picture', async () => {
  await show([CHARTS['bars of two series'], CHARTS.pie, CHARTS.scatter]);
  for (const chart of await page.locator('.chart').all()) {
    await chart.scrollIntoViewIfNeeded();
    const box = await chart.locator('.chart-walk').boundingBox();
    for (const [x, y] of [[0.02, 0.5], [0.5, 0.5], [0.98, 0.9]]) {
      await page.mouse.move(box.x + box.width * x, box.y + box.height * y);
      const tip = await chart.locator('.chart-tip').boundingBox();
      assert.ok(tip.x >= box.x - 1 && tip.x + tip.width <= box.x + box.width + 1, JSON.stringify([tip, box]));
    }
    await page.mouse.move(1, 1);
    await chart.locator('.chart-tip').waitFor({ state: 'detached' });
  }
});

test('the rows of a chart are a table at hand', async () => {
  await show([CHARTS.bar]);
  const button = page.getByRole('button', { name: 'Show as table' });
  await button.press('Enter');
  assert.equal(await button.getAttribute('aria-expanded'), 'true');
  assert.equal(await page.getByRole('table', { name: 'Revenue by region' }).locator('tbody tr').count(), 4);
  await button.press('Enter');
  assert.equal(await page.locator('.chart-rows').isVisible(), false);
});

async function save(format, at = 0) {
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: `Save as ${format}` }).nth(at).click()]);
  return [download.suggestedFilename(), readFileSync(await download.path())];
}

test('each chart is saved as a picture that needs nothing else', async () => {
  const kinds = ['bar', 'line', 'area', 'pie', 'scatter', 'histogram'];
  await show(kinds.map((kind) => CHARTS[kind]));
  const blank = await visitor.context.newPage();
  const accent = await page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue('--accent-line').trim());
  for (const [at, kind] of kinds.entries()) {
    const { title } = CHARTS[kind].chart;
    const [svgName, svg] = await save('SVG', at);
    assert.equal(svgName, `${title.replace(/[^A-Za-z]+/g, '-')}.svg`);
    const text = svg.toString();
    assert.doesNotMatch(text, /var\(|class=|currentColor|http(?!:\/\/www\.w3\.org\/2000\/svg)/, kind);
    const parsed = await blank.evaluate((source) => {
      const root = new DOMParser().parseFromString(source.trim(), 'image/svg+xml').documentElement;
      return { name: root.localName, texts: [...root.querySelectorAll('text')].map((node) => node.textContent), shapes: root.querySelectorAll('rect, circle, path').length };
    }, text);
    assert.ok(parsed.name === 'svg' && parsed.texts.includes(title) && parsed.shapes > 1, JSON.stringify(parsed));
    assert.ok(text.includes(`>${title}</text>`) && text.includes(`<title>${title}</title>`), kind);
    const [pngName, png] = await save('PNG', at);
    assert.equal(pngName, svgName.replace('.svg', '.png'));
    assert.equal(png.toString('latin1', 1, 4), 'PNG');
    const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
    assert.ok(width === 1600 && height >= 480, `${width} × ${height}`);
    assert.ok(png.length > 8000, `${kind} is blank: ${png.length} bytes`);
    assert.deepEqual(await coloursIn(blank, png, accent), { hasGround: true, hasAccent: true }, kind);
  }
});

/** Whether a picture has a white ground and something in the accent colour. */
async function coloursIn(blank, png, accent) {
  return blank.evaluate(async ([base64, colour]) => {
    const image = new Image();
    image.src = `data:image/png;base64,${base64}`;
    await image.decode();
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [image.width, image.height];
    const context = canvas.getContext('2d');
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, image.width, image.height);
    const wanted = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
    let hasAccent = false;
    for (let at = 0; at < data.length && !hasAccent; at += 4) hasAccent = wanted.every((channel, part) => Math.abs(data[at + part] - channel) < 60);
    return { hasGround: data[0] === 255 && data[3] === 255, hasAccent };
  }, [png.toString('base64'), accent]);
}

test('a chart follows the theme and the width it has', async () => {
  await show([CHARTS.bar], { colorScheme: 'light' });
  const look = () => page.locator('.chart-picture .bar').first().evaluate((bar) => getComputedStyle(bar.ownerSVGElement.querySelector('text')).fill);
  const light = await look();
  await page.emulateMedia({ colorScheme: 'dark' });
  await until(async () => (await look()) !== light, 'other colours');
});

test('without the script for charts the rows are there', async () => {
  visitor = await newVisitor(browser, { viewport: { width: 400, height: 720 } });
  page = visitor.page;
  await page.route('**/static/widget/charts.*', (route) => route.abort());
  await page.goto(`${server.origin}/embed?locale=en`);
  await answerWith(page, { steps: [step('1', CHARTS.bar)] });
  await ask({ field: page.getByRole('textbox') }, 'Draw');
  await page.getByRole('table', { name: 'Revenue by region' }).waitFor();
  assert.equal(await page.locator('.chart-place').count(), 0);
});
