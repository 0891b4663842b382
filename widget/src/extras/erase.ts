// Asks once more before a conversation is gone.
import type { AllStrings } from '../panel/strings/index';
import { make } from '../panel/view/elements';
import { alertLine, isBusy, onEscape, textButton, whileBusy } from './card';
import { newId } from './ids';

export interface EraseActions {
  confirm(): Promise<void>;
  cancel(): void;
}

export function eraseCard(words: AllStrings, actions: EraseActions): HTMLElement {
  const question = make('p', 'extra-question', words.eraseQuestion);
  const problem = alertLine();
  const confirm = textButton('extra-button is-danger', words.eraseConfirm);
  const cancel = textButton('extra-button', words.cancel);
  const node = make('div', 'extra-card', question, problem, make('div', 'extra-actions', confirm, cancel));
  question.id = newId();
  node.setAttribute('role', 'alertdialog');
  node.setAttribute('aria-label', words.erase);
  node.setAttribute('aria-describedby', question.id);

  const leave = (): void => {
    actions.cancel();
    node.remove();
  };
  const erase = async (): Promise<void> => {
    const sentence = await whileBusy(confirm, problem, words['error.unknown'], () => actions.confirm().then(() => null));
    if (sentence === null) node.remove();
  };
  confirm.addEventListener('click', () => void (isBusy(confirm) || erase()));
  cancel.addEventListener('click', leave);
  onEscape(node, leave);
  // The safe answer has the focus, once the caller has put the card into the page.
  queueMicrotask(() => cancel.focus());
  return node;
}
