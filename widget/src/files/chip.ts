// A file above the composer: how far it is, what it holds in a word, or why it was refused.
import { fill, type AllStrings } from '../panel/strings/index';
import { button, make, textButton } from '../panel/view/elements';
import { icon } from './icons';
import type { Numbers } from './numbers';
import type { Attached } from './types';

export interface ChipActions {
  open(one: Attached): void;
  retry(one: Attached): void;
  remove(one: Attached): void;
  sentence(one: Attached): string;
}

export interface Chip {
  node: HTMLElement;
  update(): void;
}

export function chipView(one: Attached, words: AllStrings, numbers: Numbers, actions: ChipActions): Chip {
  const named = { name: one.name };
  const facts = make('span', 'file-facts');
  const picture = make('span', 'file-icon');
  const name = make('bdi', 'file-name', one.name);
  const open = textButton('file-open', picture, make('span', 'file-text', name, facts));
  const progress = make('progress');
  const retry = textButton('text-button', words.retry);
  const remove = button('icon-button is-small', '', icon('close'));
  const node = make('li', 'file-chip', open, progress, retry, remove);
  open.title = one.name;
  progress.setAttribute('aria-label', fill(words.fileSending, named));
  open.addEventListener('click', () => actions.open(one));
  retry.addEventListener('click', () => actions.retry(one));
  remove.addEventListener('click', () => actions.remove(one));
  return {
    node,
    update() {
      const { state, share, problem } = one;
      const isUnderway = state === 'waiting' || state === 'sending';
      node.classList.toggle('is-failed', state === 'failed');
      picture.replaceChildren(icon(state === 'failed' ? 'alert' : 'table'));
      facts.replaceChildren(...factsOf(one, words, numbers, actions));
      open.disabled = state !== 'ready';
      progress.hidden = !isUnderway;
      progress.value = share;
      retry.hidden = state !== 'failed' || !problem?.retryable;
      remove.ariaLabel = remove.title = fill(isUnderway ? words.fileCancel : words.fileRemove, named);
    },
  };
}

function factsOf(one: Attached, words: AllStrings, numbers: Numbers, actions: ChipActions): (Node | string)[] {
  const { state, share, extents } = one;
  if (state === 'failed') {
    // What is wrong where; in English, whatever the words are.
    const detail = make('span', '', one.problem?.message ?? '');
    detail.lang = 'en';
    return [actions.sentence(one), ' ', one.problem?.code === 'file_unreadable' ? detail : ''];
  }
  if (state === 'waiting') return [words.fileWaiting];
  if (state === 'sending') return [share < 1 ? numbers.share(share) : words.fileReading];
  const [first, ...more] = extents;
  if (!first) return [numbers.size(one.sizeBytes)];
  // Read out, a cross says nothing.
  const short = make('bdi', '', `${numbers.count(first.rowCount)} × ${numbers.count(first.columnCount)}`, more.length ? ` +${more.length}` : '');
  short.setAttribute('aria-hidden', 'true');
  return [short, make('span', 'sr-only', extents.map((extent) => extentText(extent, words, numbers)).join('; '))];
}

export function extentText({ rowCount, columnCount }: { rowCount: number; columnCount: number }, words: AllStrings, numbers: Numbers): string {
  return fill(words.tableExtent, { rows: numbers.count(rowCount), columns: numbers.count(columnCount) });
}
