// Where the visitor writes: one soft tray that grows with the text, with one round button to send or to stop.
import { fill, type Strings } from '../strings/index';
import { button, icon, make } from './elements';

export interface ComposerActions {
  /** Answers whether the message was taken. */
  send(text: string): boolean;
  stop(): void;
}

export interface ComposerView {
  node: HTMLElement;
  focus(): void;
  update(isRunning: boolean): void;
}

/** The count shows up when this share of the limit is used. */
const COUNT_FROM = 0.9;

export function composerView(words: Strings, maxChars: number, actions: ComposerActions): ComposerView {
  const field = make('textarea');
  const submit = button('send', words.send, icon('send'));
  const stop = button('send stop', words.stop, icon('stop'));
  const count = make('span', 'count');
  const form = make('form', 'composer', field, make('div', 'composer-row', count, submit, stop));
  field.rows = 1;
  field.placeholder = words.placeholder;
  field.setAttribute('aria-label', words.composer);
  field.setAttribute('enterkeyhint', 'send');
  submit.type = 'submit';
  let isRunning = false;

  const refresh = (): void => {
    const left = maxChars - field.value.length;
    const isNear = left < maxChars * (1 - COUNT_FROM);
    count.textContent = isNear ? fill(left < 0 ? words.charactersOver : words.charactersLeft, { count: Math.abs(left) }) : '';
    count.classList.toggle('is-over', left < 0);
    submit.disabled = left < 0 || field.value.trim() === '';
    submit.hidden = isRunning;
    stop.hidden = !isRunning;
    grow(field);
  };
  const send = (): void => {
    if (submit.disabled || isRunning || !actions.send(field.value.trim())) return;
    field.value = '';
    refresh();
  };
  field.addEventListener('input', refresh);
  field.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || isComposing(event)) return;
    event.preventDefault();
    send();
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    send();
    field.focus();
  });
  stop.addEventListener('click', actions.stop);
  return {
    node: form,
    focus: () => field.focus({ preventScroll: true }),
    update(nextRunning) {
      const hadFocus = document.activeElement === stop;
      isRunning = nextRunning;
      refresh();
      if (hadFocus && !isRunning) field.focus();
    },
  };
}

/** Enter that picks a word in an input method is not meant for us; Safari reports it by key code only. */
function isComposing(event: KeyboardEvent): boolean {
  return event.isComposing || event.keyCode === 229;
}

function grow(field: HTMLTextAreaElement): void {
  field.style.setProperty('height', 'auto');
  if (field.value) field.style.setProperty('height', `${field.scrollHeight}px`);
}
