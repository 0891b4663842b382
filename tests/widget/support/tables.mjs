// Tables that visitors bring.
import { until } from './browser.mjs';

export const SALES = {
  name: 'Sales 2024.csv',
  mimeType: 'text/csv',
  buffer: Buffer.from(`Date,Region,Units,Revenue\n${Array.from({ length: 40 }, (_, row) => `2024-01-${String((row % 28) + 1).padStart(2, '0')},${['North', 'South', 'East'][row % 3]},${row + 1},${(row * 12.5).toFixed(2)}`).join('\n')}\n`),
};
export const ORDERS = { name: 'orders.json', mimeType: 'application/json', buffer: Buffer.from('[{"id":1,"total":10},{"id":2,"total":20}]') };
/** So many bytes of a table. */
export const tableOf = (name, bytes) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(`a,b\n${'1,2\n'.repeat(bytes / 4)}`.slice(0, bytes)) });

/** The places of the panel that have to do with files. */
export function filesOf(panel) {
  const { frame } = panel;
  const named = (name) => frame.locator('.file-chip', { hasText: name });
  return {
    attach: frame.getByRole('button', { name: 'Attach a file' }),
    chips: frame.locator('.file-chip'),
    named,
    open: (name) => named(name).locator('.file-open'),
    remove: (name) => named(name).getByRole('button', { name: `Remove ${name}` }),
    sheet: frame.locator('.file-sheet'),
    /** Once the server has read it. */
    ready: (name) => named(name).getByText(/\d × \d/).waitFor(),
  };
}

/** Chooses files by the button. */
export async function choose(page, panel, files) {
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), filesOf(panel).attach.click()]);
  await chooser.setFiles(files);
}

/** Does to the element under the pointer what a browser does when files are dragged over it, or pastes. */
export async function transfer(locator, type, { files = [], text = '' } = {}) {
  const given = files.map(({ name, mimeType, buffer }) => ({ name, mimeType, content: buffer.toString('latin1') }));
  return locator.evaluate((element, { type: kind, given: list, text: plain }) => {
    const transferred = new DataTransfer();
    for (const { name, mimeType, content } of list) transferred.items.add(new File([Uint8Array.from(content, (letter) => letter.charCodeAt(0))], name, { type: mimeType }));
    if (plain) transferred.setData('text/plain', plain);
    const options = { bubbles: true, cancelable: true };
    const event = kind === 'paste' ? new ClipboardEvent(kind, { ...options, clipboardData: transferred }) : new DragEvent(kind, { ...options, dataTransfer: transferred });
    const isTaken = !element.dispatchEvent(event);
    // An event that a script made pastes nothing by itself.
    if (kind === 'paste' && !isTaken) document.execCommand('insertText', false, plain);
    return isTaken;
  }, { type, given, text });
}

/** What the live regions have said. */
export const spoken = (panel) => panel.frame.locator('.sr-only [aria-live], .sr-only[aria-live], [role=alert]').evaluateAll((nodes) => nodes.map((node) => [...node.childNodes].map((part) => part.textContent).join('\n')).join('\n'));
export const hears = (panel, text) => until(async () => (await spoken(panel)).includes(text), `said: ${text}`);
