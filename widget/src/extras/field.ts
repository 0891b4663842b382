// One thing the lead form asks for, with its label above and what is wrong below.
import type { AllStrings } from '../panel/strings/index';
import { make } from '../panel/view/elements';
import { complaintAbout } from './check';
import { consentParts } from './consent';
import { newId } from './ids';
import type { LeadField } from './types';

const MAX_CHARS = 500;
const AUTOCOMPLETE = new Map<string, AutoFill>([['name', 'name'], ['email', 'email'], ['phone', 'tel'], ['tel', 'tel'], ['company', 'organization']]);

type Control = HTMLInputElement | HTMLTextAreaElement;

export interface Entry {
  node: HTMLElement;
  control: Control;
  /** Shows what is wrong; an empty sentence takes it back. */
  complain(sentence: string): void;
  /** Looks at what was entered, says what is wrong, and answers whether all is right. */
  check(): boolean;
}

export function fieldEntry(field: LeadField, words: AllStrings): Entry {
  const control = controlFor(field);
  const label = make('label', '', make('bdi', '', labelOf(field, words)));
  if (!field.required) label.append(' ', make('span', 'extra-optional', `(${words.leadOptional})`));
  return entry(control, [label, control], label, () => {
    const complaint = complaintAbout(field, control.value);
    return complaint ? words[complaint] : '';
  });
}

export function consentEntry(consent: string, words: AllStrings): Entry {
  const box = make('input');
  const label = make('label', '', ...consentParts(consent).map(({ text, url }) => (url ? link(text, url) : text)));
  box.type = 'checkbox';
  box.setAttribute('aria-required', 'true');
  label.dir = 'auto';
  return entry(box, [make('div', 'extra-consent', box, label)], label, () => (box.checked ? '' : words.leadConsentMissing));
}

function entry(control: Control, content: Node[], label: HTMLLabelElement, complaint: () => string): Entry {
  const problem = make('p', 'extra-error');
  control.id = label.htmlFor = newId();
  problem.id = newId();
  control.setAttribute('aria-describedby', problem.id);
  const complain = (sentence: string): void => {
    problem.textContent = sentence;
    control.setAttribute('aria-invalid', String(sentence !== ''));
  };
  const check = (): boolean => {
    const sentence = complaint();
    complain(sentence);
    return sentence === '';
  };
  // Nobody is corrected while typing for the first time, only while mending.
  control.addEventListener('input', () => problem.textContent && check());
  return { node: make('div', 'extra-field', ...content, problem), control, complain, check };
}

function controlFor(field: LeadField): Control {
  const control = field.type === 'textarea' ? make('textarea') : make('input');
  const purpose = AUTOCOMPLETE.get(field.key) ?? AUTOCOMPLETE.get(field.type);
  if (control instanceof HTMLInputElement) control.type = field.type;
  else control.rows = 3;
  if (purpose) control.autocomplete = purpose;
  if (field.type === 'email' || field.type === 'tel') control.inputMode = field.type;
  // Addresses and numbers run from left to right in every script.
  control.dir = control.inputMode ? 'ltr' : 'auto';
  control.maxLength = MAX_CHARS;
  if (field.required) control.setAttribute('aria-required', 'true');
  return control;
}

function labelOf(field: LeadField, words: AllStrings): string {
  const known = new Map([['name', words.leadName], ['email', words.leadEmail], ['phone', words.leadPhone]]);
  return field.label || known.get(field.key) || field.key;
}

function link(text: string, url: URL): HTMLElement {
  const anchor = make('a', '', text);
  anchor.href = url.href;
  anchor.target = '_blank';
  anchor.rel = 'noopener noreferrer';
  return anchor;
}
