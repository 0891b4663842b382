// The two subjects of the bench: the panel's own way of showing a reply, and plain text appended once per frame.
import { begin, emptyConversation, started, type Turn } from '../src/panel/conversation';
import words from '../src/panel/strings/en.json';
import { announcer } from '../src/panel/view/announcer';
import { avatar } from '../src/panel/view/avatar';
import { make } from '../src/panel/view/elements';
import { painter } from '../src/panel/view/painter';
import { followEnd } from '../src/panel/view/scroll';
import { turnView } from '../src/panel/view/turn';

function stage(): { list: HTMLElement; follow: () => void } {
  const list = make('div', 'list');
  const column = make('div', 'column', list);
  const log = make('div', 'log', column);
  const follower = followEnd(log, column, make('button'));
  document.body.replaceChildren(make('main', 'panel', log));
  return { list, follow: follower.follow };
}

function subject(kind: string): (piece: string) => void {
  const { list, follow } = stage();
  if (kind === 'plain') {
    const text = make('div', 'reply');
    text.style.setProperty('white-space', 'pre-wrap');
    list.append(make('article', 'turn', make('div', 'bot', avatar(null), make('div', 'bot-body', text))));
    let pending = '';
    const schedule = painter(() => {
      text.append(pending);
      pending = '';
      follow();
    });
    return (piece) => {
      pending += piece;
      schedule();
    };
  }
  const turn = begin(emptyConversation(), 'bench', 'Go') as Turn;
  started(turn);
  const voice = announcer();
  const view = turnView(turn, { words, botName: 'Bench', picture: avatar(null), actions: { retry: () => undefined, copy: () => undefined } });
  list.append(view.node);
  document.body.append(voice.node);
  const schedule = painter(() => {
    view.paint();
    follow();
  });
  return (piece) => {
    turn.text += piece;
    view.write(piece);
    voice.read(piece);
    schedule();
  };
}

/** Feeds the text at so many tokens a second and reports the longest task. */
async function run(kind: string, text: string, tokensPerSecond: number, charsPerToken: number): Promise<{ longestTask: number; longTasks: number; frames: number; late: number }> {
  const write = subject(kind);
  const tasks: number[] = [];
  const observer = new PerformanceObserver((list) => list.getEntries().forEach(({ duration }) => tasks.push(duration)));
  observer.observe({ type: 'longtask' });
  const began = performance.now();
  let sent = 0;
  let frames = 0;
  let late = 0;
  let last = began;
  const count = (now: number): void => {
    frames += 1;
    if (now - last > 25) late += 1;
    last = now;
    if (sent < text.length) requestAnimationFrame(count);
  };
  requestAnimationFrame(count);
  while (sent < text.length) {
    await new Promise((resolve) => setTimeout(resolve, 4));
    const due = Math.floor(((performance.now() - began) / 1000) * tokensPerSecond) * charsPerToken;
    for (; sent < Math.min(due, text.length); sent += charsPerToken) write(text.slice(sent, sent + charsPerToken));
  }
  await new Promise((resolve) => setTimeout(resolve, 300));
  observer.disconnect();
  return { longestTask: Math.max(0, ...tasks), longTasks: tasks.length, frames, late };
}

Object.assign(window, { run });
