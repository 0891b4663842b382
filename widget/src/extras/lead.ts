// The lead form: what the owner would like to know of a visitor.
import { errorSentence, type AllStrings } from '../panel/strings/index';
import { make } from '../panel/view/elements';
import { formCard } from './card';
import { consentEntry, fieldEntry, type Entry } from './field';
import { newId } from './ids';
import type { LeadForm, Problem } from './types';

export interface LeadActions {
  submit(details: Record<string, string>): Promise<Problem | null>;
  skip(): void;
}

/** The lead form as a card within the conversation. */
export function leadCard(form: LeadForm, words: AllStrings, actions: LeadActions): HTMLElement {
  const fields = new Map(form.fields.map((field) => [field.key, fieldEntry(field, words)]));
  const entries = [...fields.values(), ...(form.consent ? [consentEntry(form.consent, words)] : [])];
  const title = make('h2', 'extra-title', form.title || words.leadTitle);
  title.dir = 'auto';
  title.id = newId();

  const send = async (): Promise<string | null> => {
    const wrong = entries.filter((entry) => !entry.check());
    if (wrong.length) return focusFirst(wrong);
    const problem = await actions.submit(detailsIn(fields));
    if (!problem) return null;
    const refused = complaintsOf(problem, fields);
    return refused.length ? focusFirst(refused) : errorSentence(words, problem);
  };
  const card = formCard(
    {
      content: [title, ...entries.map(({ node }) => node)],
      submit: words.leadSubmit,
      quiet: form.required ? null : { label: words.leadSkip, run: actions.skip },
      thanks: words.leadThanks,
      failed: words['error.unknown'],
    },
    send,
  );
  card.firstElementChild?.setAttribute('aria-labelledby', title.id);
  return card;
}

function focusFirst([first]: Entry[]): string {
  first?.control.focus();
  return '';
}

function detailsIn(fields: Map<string, Entry>): Record<string, string> {
  const filled = [...fields].map(([key, { control }]) => [key, control.value.trim()] as const);
  return Object.fromEntries(filled.filter(([, text]) => text));
}

/** Says under each field what the server has against it; answers those fields in the order they stand in. */
function complaintsOf(problem: Problem, fields: Map<string, Entry>): Entry[] {
  const complaints = new Map(Object.entries(problem.fields ?? {}));
  return [...fields].flatMap(([key, entry]) => {
    const sentence = complaints.get(key)?.join(' ');
    if (sentence) entry.complain(sentence);
    return sentence ? [entry] : [];
  });
}
