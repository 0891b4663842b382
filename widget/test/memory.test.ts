import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { currentPointer, openMemory } from '../src/panel/memory';

const listeners: ((event: { key: string; newValue: string | null }) => void)[] = [];
let stored: Map<string, string> | null = null;

beforeEach(() => {
  listeners.length = 0;
  stored = new Map();
  Object.assign(globalThis, { addEventListener: (_: string, listener: never) => listeners.push(listener) });
  Object.defineProperty(globalThis, 'localStorage', {
    configurable: true,
    get() {
      if (!stored) throw new Error('denied');
      return { getItem: (key: string) => stored?.get(key) ?? null, setItem: (key: string, text: string) => stored?.set(key, text), removeItem: (key: string) => stored?.delete(key) };
    },
  });
});

const ONE = { sessionId: 's1', visitorToken: 't1', title: 'Lamps', at: 1 };

test('nothing is written before something is remembered', () => {
  const kept: string[] = [];
  openMemory('x', (text) => kept.push(text), () => undefined);
  assert.deepEqual([[...(stored as Map<string, string>)], kept], [[], []]);
});

test('a conversation is remembered, and forgetting leaves nothing', () => {
  const memory = openMemory('x', () => assert.fail(), () => undefined);
  memory.change({ conversations: [ONE], current: 's1' });
  assert.deepEqual(currentPointer(openMemory('x', () => undefined, () => undefined).read()), ONE);
  memory.forget();
  assert.equal(stored?.size, 0);
  assert.equal(currentPointer(memory.read()), null);
});

test('the loader keeps it where the browser denies the frame its storage', () => {
  stored = null;
  let kept = '';
  const memory = openMemory('x', (text) => (kept = text), () => undefined);
  memory.change({ conversations: [ONE], current: 's1' });
  const later = openMemory('x', () => undefined, () => undefined);
  assert.ok(later.adopt(kept));
  assert.equal(later.adopt(kept), false, 'the same again is no news');
  assert.deepEqual(currentPointer(later.read()), ONE);
  memory.forget();
  assert.equal(kept, '');
});

test('what other tabs write is heard; what a page offers is not taken where the frame has its own storage', () => {
  let heard = 0;
  const memory = openMemory('x', () => undefined, () => (heard += 1));
  const news = JSON.stringify({ conversations: [ONE], current: 's1' });
  assert.equal(memory.adopt(news), false);
  for (const listener of listeners) listener({ key: 'alcove:x', newValue: news });
  for (const listener of listeners) listener({ key: 'alcove:x', newValue: news });
  for (const listener of listeners) listener({ key: 'other', newValue: '{}' });
  assert.deepEqual([heard, currentPointer(memory.read())], [1, ONE]);
});

test('what crossed something newer on its way is not taken back', () => {
  stored = null;
  const kept: string[] = [];
  const memory = openMemory('x', (text) => kept.push(text), () => undefined);
  memory.change({ conversations: [ONE], current: 's1' });
  memory.change({ current: '' });
  assert.equal(memory.adopt(kept[0]), false);
  assert.equal(memory.read().current, '');
  assert.equal(memory.adopt(kept[1]), false, 'its own words are no news');
  assert.equal(memory.adopt(''), false, 'forgotten, and nothing was shown');
  assert.deepEqual(memory.read().conversations, []);
});

test('a draft of another tab is no news of the conversation', () => {
  stored = null;
  let kept = '';
  const other = openMemory('x', (text) => (kept = text), () => undefined);
  other.change({ conversations: [ONE], current: 's1' });
  const memory = openMemory('x', () => undefined, () => undefined);
  assert.ok(memory.adopt(kept));
  other.change({ draft: 'half a' });
  assert.equal(memory.adopt(kept), false);
  assert.equal(memory.read().draft, 'half a');
  other.change({ changes: 1 });
  assert.ok(memory.adopt(kept));
});

test('nonsense in the storage is nothing', () => {
  for (const text of ['', '{', 'null', '7', '[]', '{"conversations":[{"sessionId":1}],"current":{},"draft":null}', '{"conversations":"x"}']) {
    stored?.set('alcove:x', text);
    const facts = openMemory('x', () => undefined, () => undefined).read();
    assert.deepEqual([facts.conversations, currentPointer(facts)], [[], null], text);
  }
});

test('the list is bounded', () => {
  const memory = openMemory('x', () => undefined, () => undefined);
  memory.change({ conversations: Array.from({ length: 50 }, (_, at) => ({ ...ONE, sessionId: `s${at}` })) });
  assert.equal(memory.read().conversations.length, 20);
});
