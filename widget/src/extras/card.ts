// A small form within the conversation. When it has been sent, one soft line takes its place.
import { make } from '../panel/view/elements';

export interface CardContent {
  content: Node[];
  submit: string;
  /** A second, quiet button; what it does ends the card. */
  quiet: { label: string; run(): void } | null;
  thanks: string;
  /** What to say when sending failed for an unknown reason. */
  failed: string;
}

const BUSY = ['aria-busy', 'aria-disabled'];

/** `send` answers null when all went well, or the sentence to show; an empty one when the fields tell it themselves. */
export function formCard(parts: CardContent, send: () => Promise<string | null>): HTMLElement {
  const problem = alertLine();
  const submit = textButton('extra-button is-accent', parts.submit);
  const form = make('form', 'extra-card', ...parts.content, problem, make('div', 'extra-actions', submit));
  // There from the start: screen readers announce what changes within a status, not one that appears.
  const status = make('p', 'extra-thanks');
  const node = make('div', 'extra', form, status);
  submit.type = 'submit';
  form.noValidate = true;
  status.setAttribute('role', 'status');
  status.tabIndex = -1;
  if (parts.quiet) submit.after(quietButton(parts.quiet, node));

  const run = async (): Promise<void> => {
    const sentence = await whileBusy(submit, problem, parts.failed, send);
    if (sentence !== null) return;
    const hadFocus = form.contains(document.activeElement);
    form.remove();
    status.textContent = parts.thanks;
    if (hadFocus) status.focus();
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (!isBusy(submit)) void run();
  });
  return node;
}

function quietButton({ label, run }: { label: string; run(): void }, card: HTMLElement): HTMLElement {
  const quiet = textButton('extra-button', label);
  quiet.addEventListener('click', () => {
    run();
    card.remove();
  });
  return quiet;
}

export function textButton(className: string, label: string): HTMLButtonElement {
  const made = make('button', className, label);
  made.type = 'button';
  return made;
}

export function alertLine(): HTMLElement {
  const line = make('p', 'extra-error');
  line.setAttribute('role', 'alert');
  return line;
}

/** Runs what a button began, shows the sentence that came of it, and answers it. */
export async function whileBusy(pressed: HTMLElement, problem: HTMLElement, failed: string, run: () => Promise<string | null>): Promise<string | null> {
  problem.textContent = '';
  // Not `disabled`: that would take the focus away, and with it the visitor's place.
  for (const name of BUSY) pressed.setAttribute(name, 'true');
  const sentence = await run().catch(() => failed);
  for (const name of BUSY) pressed.removeAttribute(name);
  problem.textContent = sentence;
  return sentence;
}

export function isBusy(pressed: HTMLElement): boolean {
  return pressed.hasAttribute('aria-busy');
}

/** Escape leaves what was opened last; further up it would close the chat. */
export function onEscape(node: HTMLElement, leave: () => void): void {
  node.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    leave();
  });
}
