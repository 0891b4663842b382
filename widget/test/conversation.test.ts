import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as conversation from '../src/panel/conversation';

function streaming(): { state: conversation.Conversation; turn: conversation.Turn } {
  const state = conversation.emptyConversation();
  const turn = conversation.begin(state, 'r1', 'hi', 5) as conversation.Turn;
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
  assert.equal(conversation.begin(state, 'r2', 'again', 6), null);
  assert.equal(state.turns.length, 1);
});

test('an empty message is refused', () => {
  assert.equal(conversation.begin(conversation.emptyConversation(), 'r', '', 1), null);
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
    assert.equal(conversation.useTool(turn, { id: '1', name: 'query_data', status: 'running', title: 'x' }), false);
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

test('what failed, stopped or broke off can be asked again anywhere, a whole reply only at the end', () => {
  const { state, turn } = streaming();
  assert.equal(conversation.askAgain(state, turn, 'r2', 'hi', 7), null, 'not while it runs');
  conversation.finish(turn, 'stopped');
  const next = conversation.begin(state, 'r2', 'and', 7) as conversation.Turn;
  assert.equal(conversation.askAgain(state, turn, 'r3', 'hi', 8), null, 'not while another runs');
  conversation.finish(next, 'stop');
  assert.ok(conversation.canAskAgain(state, turn));
  assert.ok(conversation.canAskAgain(state, next));
  const third = conversation.begin(state, 'r3', 'more', 9) as conversation.Turn;
  conversation.finish(third, 'stop');
  assert.equal(conversation.canAskAgain(state, next), false, 'a whole reply in the middle stays');
  assert.ok(conversation.canAskAgain(state, turn));
});

test('asking again takes the old place, with the new words', () => {
  const { state, turn } = streaming();
  conversation.finish(turn, 'stop');
  const next = conversation.askAgain(state, turn, 'r2', 'hello', 8) as conversation.Turn;
  assert.deepEqual(state.turns, [next]);
  assert.deepEqual([next.question, next.state, next.text, next.at], ['hello', 'sending', '', 8]);
  conversation.finish(next, 'stop');
  assert.equal(conversation.askAgain(state, next, 'r3', '', 9), null, 'no empty words');
  assert.equal(conversation.askAgain(state, turn, 'r3', 'x', 9), null, 'what is gone stays gone');
});

test('messages wait for the running reply, five at most and none without one', () => {
  const { state, turn } = streaming();
  const taken = ['a', 'b', '', 'c', 'd', 'e', 'f'].filter((text) => conversation.enqueue(state, text));
  assert.deepEqual([taken, state.queue], [['a', 'b', 'c', 'd', 'e'], ['a', 'b', 'c', 'd', 'e']]);
  conversation.finish(turn, 'stop');
  assert.equal(conversation.enqueue(state, 'g'), false);
});

test('a problem that cannot be retried offers no retry', () => {
  const { turn } = streaming();
  conversation.fail(turn, { code: 'conversation_too_long', retryable: false });
  assert.equal(conversation.canRetry(turn), false);
});
