import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as conversation from '../src/panel/conversation';

function streaming(): { state: conversation.Conversation; turn: conversation.Turn } {
  const state = conversation.emptyConversation();
  const turn = conversation.begin(state, 'r1', 'hi') as conversation.Turn;
  conversation.started(turn);
  return { state, turn };
}

test('a turn goes from sending over streaming to done', () => {
  const { turn } = streaming();
  assert.equal(turn.state, 'streaming');
  assert.equal(conversation.append(turn, 'Hé', 3), 'applied');
  assert.equal(conversation.append(turn, 'y', 4), 'applied');
  assert.ok(conversation.finish(turn, 'stop'));
  assert.deepEqual([turn.state, turn.text, turn.bytes], ['done', 'Héy', 4]);
});

test('a second message waits for the reply to the first', () => {
  const { state } = streaming();
  assert.equal(conversation.begin(state, 'r2', 'again'), null);
  assert.equal(state.turns.length, 1);
});

test('an empty message is refused', () => {
  assert.equal(conversation.begin(conversation.emptyConversation(), 'r', ''), null);
});

test('a piece heard twice is taken once', () => {
  const { turn } = streaming();
  conversation.append(turn, 'ab', 2);
  assert.equal(conversation.append(turn, 'ab', 2), 'duplicate');
  assert.equal(conversation.append(turn, 'b', 2), 'duplicate');
  assert.equal(turn.text, 'ab');
});

test('a piece that does not continue exactly is a gap and changes nothing', () => {
  const { turn } = streaming();
  conversation.append(turn, 'ab', 2);
  assert.equal(conversation.append(turn, 'd', 4), 'gap');
  assert.equal(conversation.append(turn, 'bc', 3), 'gap');
  assert.equal(conversation.append(turn, 'x', Number.NaN), 'gap');
  assert.deepEqual([turn.text, turn.bytes], ['ab', 2]);
});

test('nothing moves a turn that has ended', () => {
  for (const end of [(turn: conversation.Turn) => conversation.finish(turn, 'stop'), (turn: conversation.Turn) => conversation.fail(turn, { code: 'x', retryable: true })]) {
    const { turn } = streaming();
    conversation.append(turn, 'a', 1);
    assert.ok(end(turn));
    const before = JSON.stringify(turn);
    assert.equal(conversation.append(turn, 'b', 2), 'duplicate');
    assert.equal(conversation.started(turn), false);
    assert.equal(conversation.finish(turn, 'stopped'), false);
    assert.equal(conversation.fail(turn, { code: 'y', retryable: true }), false);
    assert.equal(conversation.useTool(turn, 'x'), false);
    assert.equal(JSON.stringify(turn), before);
  }
});

test('a failure after the first words is an interruption', () => {
  const { turn } = streaming();
  conversation.append(turn, 'a', 1);
  conversation.fail(turn, { code: 'model_error', retryable: true });
  assert.equal(turn.state, 'interrupted');
});

test('reasons for the end become states', () => {
  const states = ['stop', 'length', 'blocked', 'stopped', 'interrupted', 'error'].map((reason) => {
    const { turn } = streaming();
    conversation.finish(turn, reason);
    return turn.state;
  });
  assert.deepEqual(states, ['done', 'done', 'done', 'stopped', 'interrupted', 'failed']);
});

test('a retry takes the place of what failed, stopped or broke off, and of nothing else', () => {
  const { state, turn } = streaming();
  assert.equal(conversation.retry(state, turn, 'r2'), null);
  conversation.finish(turn, 'stopped');
  const next = conversation.retry(state, turn, 'r2') as conversation.Turn;
  assert.deepEqual(state.turns, [next]);
  assert.deepEqual([next.question, next.state, next.text], ['hi', 'sending', '']);
  conversation.finish(next, 'stop');
  assert.equal(conversation.retry(state, next, 'r3'), null);
  assert.equal(conversation.retry(state, turn, 'r3'), null);
});

test('a problem that cannot be retried offers no retry', () => {
  const { turn } = streaming();
  conversation.fail(turn, { code: 'conversation_too_long', retryable: false });
  assert.equal(conversation.canRetry(turn), false);
});

test('history pairs questions with replies and keeps what has no partner', () => {
  const { turns } = conversation.fromHistory([
    { id: 'a0', role: 'assistant', content: 'Welcome' },
    { id: 'u1', role: 'user', content: 'one' },
    { id: 'a1', role: 'assistant', content: 'Eins ✓', status: 'complete' },
    { id: 'u2', role: 'user', content: 'lost' },
    { id: 'u3', role: 'user', content: 'two' },
    { id: 'a3', role: 'assistant', content: 'Zw', status: 'streaming' },
  ]);
  assert.deepEqual(turns.map(({ question, text, state }) => [question, text, state]), [
    ['', 'Welcome', 'done'],
    ['one', 'Eins ✓', 'done'],
    ['lost', '', 'interrupted'],
    ['two', 'Zw', 'streaming'],
  ]);
  assert.equal(turns[1]?.bytes, 8);
  assert.equal(conversation.append(turns[3] as conversation.Turn, 'ei', 4), 'applied');
});

test('interrupted and failed replies of the history can be retried', () => {
  for (const status of ['interrupted', 'failed', 'stopped']) {
    const { turns } = conversation.fromHistory([
      { id: 'u', role: 'user', content: 'q' },
      { id: 'a', role: 'assistant', content: 'part', status },
    ]);
    assert.ok(conversation.canRetry(turns[0] as conversation.Turn), status);
  }
});
