// Where the visitor writes: one soft tray that grows with the text, with round buttons to send and to stop.
import { fill, type Strings } from '../strings/index';
import { button, icon, make, textButton } from './elements';

export interface ComposerActions {
  send(text: string): void;
  stop(): void;
  /** Null where there can be no files. */
  attach: (() => void) | null;
  paste(event: ClipboardEvent): void;
  /** The text has changed; it may be kept. */
  draft(text: string): void;
}

/** What becomes of a message being changed: its new words, or null when the visitor thought better of it. */
type Edited = (text: string | null) => void;

/** The count shows up when this share of the limit is used. */
const COUNT_FROM = 0.9;

export class Composer {
  readonly node: HTMLElement;
  readonly #field = make('textarea');
  readonly #count = make('span', 'count');
  readonly #submit: HTMLButtonElement;
  readonly #stop: HTMLButtonElement;
  readonly #banner: HTMLElement;
  #isRunning = false;
  #isHeld = false;
  #edited: Edited | null = null;
  /** What stood here before a message was changed. */
  #draft = '';

  constructor(
    private readonly words: Strings,
    private readonly maxChars: number,
    private readonly actions: ComposerActions,
  ) {
    this.#submit = button('send', words.send, icon('send'));
    this.#stop = button('send stop', words.stop, icon('stop'));
    const cancel = textButton('text-button', words.cancel);
    const attach = button('icon-button', words.attach, icon('clip'));
    const form = make('form', 'composer', attach, this.#field, make('div', 'composer-row', this.#count, this.#stop, this.#submit));
    this.#banner = make('p', 'editing', icon('edit'), make('span', '', words.editing), cancel);
    this.node = make('div', 'tray', this.#banner, form);
    this.#banner.hidden = true;
    attach.hidden = !actions.attach;
    if (actions.attach) attach.addEventListener('click', actions.attach);
    this.#field.addEventListener('paste', actions.paste);
    this.#submit.type = 'submit';
    this.#stop.addEventListener('click', actions.stop);
    cancel.addEventListener('click', () => this.#endEdit(null));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#send();
      this.focus();
    });
    this.#prepareField();
    this.#refresh();
  }

  focus(): void {
    this.#field.focus({ preventScroll: true });
  }

  update(isRunning: boolean): void {
    const hadFocus = document.activeElement === this.#stop;
    this.#isRunning = isRunning;
    this.#refresh();
    if (hadFocus && !isRunning) this.focus();
  }

  /** Nothing goes out while files are on their way that it may be about. */
  hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    this.#refresh();
  }

  /** Puts text back, before what has been written meanwhile. */
  put(text: string): void {
    this.#set([text, this.#field.value].filter(Boolean).join('\n'));
  }

  /** The next send changes a message instead. */
  edit(text: string, edited: Edited): void {
    if (!this.#edited) this.#draft = this.#field.value;
    this.#edited = edited;
    this.#banner.hidden = false;
    this.#set(text);
    this.focus();
  }

  #prepareField(): void {
    const { words } = this;
    const field = this.#field;
    field.rows = 1;
    field.placeholder = words.placeholder;
    field.setAttribute('aria-label', words.composer);
    field.setAttribute('enterkeyhint', 'send');
    field.addEventListener('keydown', (event) => this.#press(event));
    field.addEventListener('input', () => {
      this.#refresh();
      if (!this.#edited) this.actions.draft(field.value);
    });
  }

  #press(event: KeyboardEvent): void {
    if (event.key === 'Escape' && this.#edited) {
      event.stopPropagation();
      this.#endEdit(null);
    }
    if (event.key !== 'Enter' || event.shiftKey || isComposing(event)) return;
    event.preventDefault();
    this.#send();
  }

  #send(): void {
    const text = this.#field.value.trim();
    if (this.#submit.disabled) return;
    if (this.#edited) return this.#endEdit(text);
    this.#set('');
    this.actions.draft('');
    this.actions.send(text);
  }

  #endEdit(text: string | null): void {
    const edited = this.#edited;
    this.#edited = null;
    this.#banner.hidden = true;
    this.#set(this.#draft);
    this.focus();
    edited?.(text);
  }

  #set(text: string): void {
    this.#field.value = text;
    this.#refresh();
  }

  #refresh(): void {
    const { words, maxChars } = this;
    const [field, count] = [this.#field, this.#count];
    const left = maxChars - field.value.length;
    const isNear = left < maxChars * (1 - COUNT_FROM);
    const isEmpty = field.value.trim() === '';
    count.textContent = isNear ? fill(left < 0 ? words.charactersOver : words.charactersLeft, { count: Math.abs(left) }) : '';
    count.classList.toggle('is-over', left < 0);
    // Nothing has no direction of its own: the hint stands where the language begins.
    field.dir = isEmpty ? '' : 'auto';
    this.#submit.disabled = left < 0 || isEmpty || this.#isHeld;
    this.#submit.hidden = this.#isRunning && isEmpty;
    this.#stop.hidden = !this.#isRunning;
    field.style.setProperty('height', 'auto');
    if (field.value) field.style.setProperty('height', `${field.scrollHeight}px`);
  }
}

/** Enter that picks a word in an input method is not meant for us; Safari reports it by key code only. */
function isComposing(event: KeyboardEvent): boolean {
  return event.isComposing || event.keyCode === 229;
}
