// The visitor's conversations of this device. Stands in place of the conversation and the composer.
import type { AllStrings } from '../panel/strings/index';
import { button, make } from '../panel/view/elements';
import { onEscape } from './card';
import { relativeDate } from './dates';
import { icon } from './icons';
import { newId } from './ids';

export interface KnownConversation {
  sessionId: string;
  title: string;
  at: number;
}

export interface SheetActions {
  open(sessionId: string): void;
  back(): void;
}

export function conversationSheet(conversations: KnownConversation[], current: string, words: AllStrings, locale: string, actions: SheetActions): HTMLElement {
  const back = button('icon-button extra-back', words.back, icon('back'));
  const heading = make('h2', 'extra-title', words.conversations);
  const node = make('section', 'extra-sheet', make('div', 'extra-head', back, heading));
  heading.id = newId();
  node.setAttribute('aria-labelledby', heading.id);
  back.addEventListener('click', actions.back);
  onEscape(node, actions.back);
  queueMicrotask(() => back.focus());
  if (conversations.length === 0) {
    node.append(make('p', 'extra-empty', words.noConversations));
    return node;
  }
  const list = make('ul', 'extra-list');
  for (const conversation of [...conversations].sort((one, other) => other.at - one.at)) {
    const row = rowFor(conversation, words, locale);
    if (conversation.sessionId === current) row.setAttribute('aria-current', 'true');
    row.addEventListener('click', () => actions.open(conversation.sessionId));
    list.append(make('li', '', row));
  }
  node.append(list);
  return node;
}

function rowFor({ title, at }: KnownConversation, words: AllStrings, locale: string): HTMLElement {
  // Isolated rather than aligned by its own direction: the list keeps one edge, whatever the languages in it.
  const text = make('span', 'extra-row-title', make('bdi', '', title.trim() || words.conversation));
  const row = make('button', 'extra-row', text, make('span', 'extra-date', relativeDate(at, Date.now(), locale)));
  row.type = 'button';
  return row;
}
