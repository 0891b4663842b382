// What the visitor said: a soft bubble, folded when it is long, with a way to say it in other words.
import { isRunning, type Turn } from '../conversation';
import type { Strings } from '../strings/index';
import type { Dates } from './dates';
import { button, icon, make, textButton } from './elements';

const LONG_CHARS = 800;
const LONG_LINES = 12;

export function hidden(text: string): HTMLElement {
  return make('span', 'sr-only', `${text} `);
}

export function bubble(question: string, words: Strings): HTMLElement {
  const text = make('div', 'bubble-text', question);
  text.dir = 'auto';
  const node = make('div', 'bubble', hidden(words.you), text);
  if (question.length > LONG_CHARS || question.split('\n').length > LONG_LINES) node.append(folder(node, words));
  return node;
}

/** Folds the bubble and tells how to unfold it. */
function folder(node: HTMLElement, words: Strings): HTMLElement {
  const toggle = textButton('fold');
  const setFolded = (isFolded: boolean): void => {
    node.classList.toggle('is-folded', isFolded);
    toggle.textContent = isFolded ? words.showMore : words.showLess;
    toggle.setAttribute('aria-expanded', String(!isFolded));
  };
  toggle.addEventListener('click', () => setFolded(!node.classList.contains('is-folded')));
  setFolded(true);
  return toggle;
}

export interface QuestionView {
  node: HTMLElement;
  update(): void;
}

export function questionView(turn: Turn, words: Strings, dates: Dates, edit: (turn: Turn) => void): QuestionView {
  const change = button('icon-button is-small only-last', words.edit, icon('edit'));
  change.addEventListener('click', () => edit(turn));
  const facts = make('div', 'facts', change, ...(turn.at ? [dates.time(turn.at)] : []));
  return {
    node: make('div', 'visitor', bubble(turn.question, words), facts),
    update: () => void (change.hidden = isRunning(turn)),
  };
}
