// Replies that were computed from data, told by the page's own route in the server's place: any step, any row, at once.

const event = (name, data, id = '') => `${id && `id: ${id}\n`}event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;

const RESUMED = /\/api\/chat\/replies\/([^/?]+)\?/;

/** The events of a reply. `steps` are told as they stand; what is `unfinished` breaks off before the text. */
export function reply(messageId, { steps = [], text = 'Here you are.', unverified, unfinished = false }) {
  const begun = event('start', { messageId }) + steps.map((step) => event('tool', step)).join('');
  if (unfinished) return begun;
  return begun + event('delta', { text }, `${messageId}:${Buffer.byteLength(text)}`) + event('done', { finishReason: 'stop', ...(unverified ? { unverified } : {}) });
}

const desks = new WeakMap();

/** From now on each question is answered by the next of these replies, and a lost stream goes on with the one after it. When
 *  there is none, whoever asks waits for the next call. */
export async function answerWith(page, ...replies) {
  const desk = desks.get(page) ?? (await openDesk(page));
  desk.replies = replies;
  for (const ask of desk.waiting.splice(0)) await ask();
}

async function openDesk(page) {
  const desk = { replies: [], waiting: [] };
  desks.set(page, desk);
  const answer = async (route, messageId) => {
    const next = desk.replies.shift();
    if (next) await route.fulfill({ headers: { 'Content-Type': 'text/event-stream' }, body: reply(messageId, next) });
    else desk.waiting.push(() => answer(route, messageId));
  };
  await page.route('**/api/chat/message', (route) => answer(route, route.request().postDataJSON().messageId));
  await page.route(RESUMED, (route) => answer(route, RESUMED.exec(route.request().url())[1]));
  return desk;
}

/** The real server answers again. */
export async function closeDesk(page) {
  desks.delete(page);
  await page.unroute('**/api/chat/message');
  await page.unroute(RESUMED);
}

export const SQL = "SELECT month, count(*) AS orders\nFROM sales\nWHERE note <> '<b>&amp;'\nGROUP BY month";

/** A finished step. */
export function step(id, { columns, rows, truncated = false, chart, purpose = 'Orders of each month', sql = SQL, source = 'sales.csv' }) {
  const evidence = { purpose, sql, columns, rows, truncated, ...(chart ? { chart } : {}) };
  return { id, name: chart ? 'show_chart' : 'query_data', status: 'done', title: 'Looking at the data', source, evidence };
}

const months = Array.from({ length: 12 }, (_, at) => `2024-${String(at + 1).padStart(2, '0')}`);
const chart = (kind, title, y, xLabel = '', yLabel = '') => ({ kind, title, x: 0, y, xLabel, yLabel });

/** Results with a chart of each kind, and of what is hard to draw; `shapes` is how many there are to point at. */
export const CHARTS = {
  bar: { columns: ['region', 'revenue'], rows: [['North America', 1240500.5], ['Europe, Middle East and Africa', 982300], ['Asia Pacific', 1530100], ['South America', 310000.25]], chart: chart('bar', 'Revenue by region', [1], 'Region', 'Revenue (CHF)'), shapes: 4 },
  'bars of two series': { columns: ['month', 'revenue', 'cost'], rows: months.map((month, at) => [month, 80000 + at * 5432.1, 60000 + (at % 5) * 4321]), chart: chart('bar', 'Revenue and cost', [1, 2], 'Month', 'CHF'), shapes: 12 },
  'bars below zero': { columns: ['quarter', 'profit'], rows: [['Q1', 12], ['Q2', -7], ['Q3', 3.5], ['Q4', null]], chart: chart('bar', 'Profit by quarter', [1], '', 'Million'), shapes: 4 },
  'bars of sixty names': { columns: ['product', 'sold'], rows: Array.from({ length: 60 }, (_, at) => [`Product number ${at} with a long name`, (at * 7919) % 1000]), chart: chart('bar', 'Sixty products', [1], 'Product', 'Sold'), shapes: 60 },
  line: { columns: ['month', 'online', 'shop', 'phone'], rows: months.map((month, at) => [month, 1000 + at * 90, 2000 - at * 60, at === 5 ? null : 500 + (at % 3) * 40]), chart: chart('line', 'Orders by channel', [1, 2, 3], 'Month', 'Orders'), shapes: 12 },
  'line of 500 days': { columns: ['day', 'visitors'], rows: Array.from({ length: 500 }, (_, at) => [new Date(Date.UTC(2023, 0, 1 + at)).toISOString().slice(0, 10), Math.round(3000 + 1000 * Math.sin(at / 30))]), chart: chart('line', 'Visitors a day', [1], '', 'Visitors'), shapes: 500 },
  'one point': { columns: ['year', 'total'], rows: [['2024', 1234567]], chart: chart('line', 'One value', [1]), shapes: 1 },
  area: { columns: ['day', 'stock'], rows: Array.from({ length: 40 }, (_, at) => [new Date(Date.UTC(2024, 0, 1 + at * 9)).toISOString().slice(0, 10), 400 - at * 6]), chart: chart('area', 'Stock over the year', [1], 'Day', 'Lamps in stock'), shapes: 40 },
  pie: { columns: ['payment', 'orders'], rows: [['Card', 620], ['Invoice', 210], ['TWINT', 380], ['PayPal', 120], ['Cash', 44], ['Voucher', 12], ['Gift card', 9], ['Barter', 1]], chart: chart('pie', 'Orders by payment', [1]), shapes: 7 },
  scatter: { columns: ['price', 'sold'], rows: Array.from({ length: 70 }, (_, at) => [20 + ((at * 37) % 180), 400 - ((at * 37) % 180) * 1.6 + ((at * 53) % 120)]), chart: chart('scatter', 'Price and units sold', [1], 'Price (CHF)', 'Units sold'), shapes: 70 },
  histogram: { columns: ['age'], rows: Array.from({ length: 300 }, (_, at) => [18 + ((at * at) % 67)]), chart: chart('histogram', 'Age of customers', [], 'Age', 'Customers'), shapes: 14 },
  'numbers beyond measure': { columns: ['name', 'n'], rows: [['a', 1.7e308], ['b', -1.7e308], ['c', 9007199254740993], ['d', 1e-300]], chart: chart('bar', 'Beyond measure', [1]), shapes: 4 },
};
