// The quiet row under a reply: when it was said, copy, thumbs, again.
import { canRetry, type Rating, type Turn } from '../conversation';
import type { Strings } from '../strings/index';
import type { Dates } from './dates';
import { button, icon, make, textButton } from './elements';

export interface TurnActions {
  /** Has the reply written again. */
  retry(turn: Turn): void;
  /** Lets the visitor say it in other words. */
  edit(turn: Turn): void;
  copy(text: string, from: HTMLElement): void;
  rate(turn: Turn, rating: Rating): void;
  ask(text: string): void;
}

export function actionRow(turn: Turn, words: Strings, dates: Dates, actions: TurnActions): HTMLElement {
  const row = make('div', 'actions');
  if (canRetry(turn)) {
    const retry = textButton('text-button', icon('retry'), words.retry);
    retry.addEventListener('click', () => actions.retry(turn));
    row.append(retry);
  }
  if (turn.text) row.append(...replyButtons(turn, words, actions));
  showRating(row, turn.rating);
  if (turn.at && turn.text) row.append(dates.time(turn.at));
  return row;
}

function replyButtons(turn: Turn, words: Strings, actions: TurnActions): HTMLElement[] {
  const copy = button('icon-button is-small', words.copyReply, icon('copy'));
  copy.addEventListener('click', () => actions.copy(turn.text, copy));
  const buttons = [copy, thumb(turn, 'up', words.good, actions), thumb(turn, 'down', words.bad, actions)];
  if (!canRetry(turn) && turn.question) {
    const again = button('icon-button is-small only-last', words.regenerate, icon('retry'));
    again.addEventListener('click', () => actions.retry(turn));
    buttons.push(again);
  }
  return buttons;
}

/** Pressing a pressed thumb takes the rating back. */
function thumb(turn: Turn, rating: 'up' | 'down', label: string, actions: TurnActions): HTMLElement {
  const element = button('icon-button is-small thumb', label, icon('thumb'));
  element.dataset.rating = rating;
  element.addEventListener('click', () => actions.rate(turn, turn.rating === rating ? null : rating));
  return element;
}

export function showRating(row: HTMLElement, rating: Rating): void {
  for (const element of row.querySelectorAll<HTMLElement>('.thumb')) {
    element.setAttribute('aria-pressed', String(element.dataset.rating === rating));
  }
}
