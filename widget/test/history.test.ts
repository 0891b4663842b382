import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as conversation from '../src/panel/conversation';
import { fromHistory, isSame, keepUnsent, type HistoryMessage } from '../src/panel/history';

function said(id: string, role: string, content: string, more: Partial<HistoryMessage> = {}): HistoryMessage {
  return { id, role, content, status: 'complete', timestamp: 1, ...more };
}

test('history pairs questions with replies and keeps what has no partner', () => {
  const { turns } = fromHistory([
    said('a0', 'assistant', 'Welcome'),
    said('u1', 'user', 'one', { timestamp: 5 }),
    said('a1', 'assistant', 'Eins ✓', { timestamp: 6, feedback: { rating: 'up' }, suggestions: ['And two?'] }),
    said('u2', 'user', 'lost'),
    said('u3', 'user', 'two'),
    said('a3', 'assistant', 'Zw', { status: 'streaming' }),
  ]);
  assert.deepEqual(turns.map(({ question, text, state }) => [question, text, state]), [
    ['', 'Welcome', 'done'],
    ['one', 'Eins ✓', 'done'],
    ['lost', '', 'interrupted'],
    ['two', 'Zw', 'streaming'],
  ]);
  const [, one, , two] = turns as [conversation.Turn, conversation.Turn, conversation.Turn, conversation.Turn];
  assert.deepEqual([one.bytes, one.rating, one.followUps, one.at], [8, 'up', ['And two?'], 6]);
  assert.equal(conversation.append(two, 'ei', 4), 'applied');
});

test('interrupted and failed replies can be asked again, and say why they failed', () => {
  for (const status of ['interrupted', 'failed', 'stopped']) {
    const { turns } = fromHistory([said('u', 'user', 'q'), said('a', 'assistant', 'part', { status, errorCode: 'model_busy' })]);
    assert.ok(conversation.canRetry(turns[0] as conversation.Turn), status);
    assert.equal(turns[0]?.problem?.code, status === 'stopped' ? undefined : 'model_busy');
  }
});

test('a conversation looked up again is drawn anew only if something changed', () => {
  const messages = [said('u', 'user', 'q'), said('a', 'assistant', 'r')];
  assert.ok(isSame(fromHistory(messages), fromHistory(messages)));
  for (const change of [{ content: 'r2' }, { status: 'stopped' }, { feedback: { rating: 'down' as const } }, { id: 'b' }]) {
    assert.equal(isSame(fromHistory(messages), fromHistory([said('u', 'user', 'q'), { ...said('a', 'assistant', 'r'), ...change }])), false, JSON.stringify(change));
  }
});

test('what never reached the server stays on the page', () => {
  const shown = fromHistory([said('u', 'user', 'q'), said('a', 'assistant', 'r')]);
  const unsent = conversation.begin(shown, 'mine', 'on its way', 9) as conversation.Turn;
  conversation.enqueue(shown, 'later');
  const restored = fromHistory([said('u', 'user', 'q'), said('a', 'assistant', 'r'), said('u2', 'user', 'other tab'), said('a2', 'assistant', 'r2')]);
  keepUnsent(restored, shown);
  assert.deepEqual(restored.turns.map(({ replyId }) => replyId), ['a', 'a2', 'mine']);
  assert.equal(restored.turns[2], unsent);
  assert.deepEqual(restored.queue, ['later']);
  conversation.started(unsent);
  conversation.finish(unsent, 'stop');
  const cleared = fromHistory([]);
  keepUnsent(cleared, shown);
  assert.deepEqual(cleared.turns, [], 'what the server had and has no more is gone');
});
