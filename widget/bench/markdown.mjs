// Streams a long mixed reply into the real panel view in Chromium, and the same text as plain text appended once per
// frame, and prints both main-thread times as JSON. Arguments: tokens (16000) and tokens per second (500).
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';

const here = dirname(fileURLToPath(import.meta.url));
const tokens = Number(process.argv[2] ?? 16000);
const tokensPerSecond = Number(process.argv[3] ?? 500);
const CHARS_PER_TOKEN = 4;
const RATIO_LIMIT = 1.5;
const TASK_LIMIT_MS = 50;

const SECTION = (number) => `## Section ${number}: how lamps work

A lamp turns **electric energy** into light; see [the handbook](https://example.com/lamps/${number}) for the *long* version. Its
efficiency depends on \`lumens / watts\`, and ~~only~~ mostly on the light source. Bare addresses such as https://example.com/a?b=${number}
work as well, and so do 2 * 3 = 6 and snake_case_words.

1. Pick a **desk lamp** and read its label.
2. Compare the figures:
   - at least 800 lm for reading
   - a colour of *2700 K* in the evening
3. Buy it.

| Lamp | Light | Power | Note |
|:-----|------:|------:|------|
| Desk ${number} | 806 lm | 8 W | **best** for \`reading\` |
| Floor | 1521 lm | 14 W | [details](https://example.com/floor) |
| Wall | 470 lm | 5 W | plain |

\`\`\`python
def efficiency(lumens: float, watts: float) -> float:
    """How much light comes out of each watt."""
    if watts <= 0:
        raise ValueError("no power, no light")
    return lumens / watts
\`\`\`

> Lamps get warm. Keep paper away, **always**.

`;

function reply(chars) {
  let text = '';
  for (let number = 1; text.length < chars; number += 1) text += SECTION(number);
  return text.slice(0, chars);
}

const bundle = await build({ entryPoints: [join(here, 'page.ts')], bundle: true, minify: true, write: false, format: 'iife', logLevel: 'warning' });
const css = await readFile(join(here, '../../assets/widget/panel.css'), 'utf8');
const files = {
  '/': ['text/html', '<!doctype html><html lang="en" data-theme="light"><meta charset="utf-8"><title>bench</title><link rel="stylesheet" href="/panel.css"><body><script src="/bench.js"></script>'],
  '/panel.css': ['text/css', css],
  '/bench.js': ['text/javascript', bundle.outputFiles[0].text],
};
const server = createServer(({ url }, response) => {
  const [type, body] = files[url] ?? ['text/plain', ''];
  response.setHeader('Content-Type', type).end(body);
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});

async function measure(kind, text) {
  const page = await browser.newPage({ viewport: { width: 400, height: 640 } });
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const metrics = async () => Object.fromEntries((await session.send('Performance.getMetrics')).metrics.map(({ name, value }) => [name, value]));
  const before = await metrics();
  const result = await page.evaluate(([...call]) => window.run(...call), [kind, text, tokensPerSecond, CHARS_PER_TOKEN]);
  const after = await metrics();
  await page.close();
  const ms = (name) => Math.round((after[name] - before[name]) * 1000);
  return { mainThreadMs: ms('TaskDuration'), scriptMs: ms('ScriptDuration'), layoutMs: ms('LayoutDuration'), styleMs: ms('RecalcStyleDuration'), ...result };
}

const text = reply(tokens * CHARS_PER_TOKEN);
await measure('markdown', text.slice(0, 4000));
const plain = await measure('plain', text);
const markdown = await measure('markdown', text);
const ratio = Number((markdown.mainThreadMs / plain.mainThreadMs).toFixed(2));
console.log(JSON.stringify({ tokens, tokensPerSecond, ratio, plain, markdown }, null, 2));
await browser.close();
server.close();
if (ratio > RATIO_LIMIT || markdown.longestTask > TASK_LIMIT_MS) process.exitCode = 1;
