// A small form under a reply that was rated down.
import type { AllStrings } from '../panel/strings/index';
import { make } from '../panel/view/elements';
import { formCard } from './card';
import { newId } from './ids';

const MAX_CHARS = 2000;

export interface CommentActions {
  send(text: string): Promise<void>;
  cancel(): void;
}

export function commentCard(words: AllStrings, actions: CommentActions): HTMLElement {
  const field = make('textarea');
  const label = make('label', '', words.feedbackComment);
  field.id = label.htmlFor = newId();
  field.rows = 2;
  field.maxLength = MAX_CHARS;
  field.dir = 'auto';
  // On touch the keyboard would cover the reply that this is about.
  if (!matchMedia('(pointer: coarse)').matches) queueMicrotask(() => field.focus());
  return formCard(
    {
      content: [make('div', 'extra-field', label, field)],
      submit: words.sendFeedback,
      quiet: { label: words.cancel, run: actions.cancel },
      thanks: words.feedbackThanks,
      failed: words['error.unknown'],
    },
    async () => {
      const text = field.value.trim();
      if (text) await actions.send(text);
      return null;
    },
  );
}
