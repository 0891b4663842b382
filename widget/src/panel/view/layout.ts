// Where the panel's parts stand: header, conversation, composer; a sheet may lie over the last two.
import type { Strings } from '../strings/index';
import { make } from './elements';

export interface Parts {
  header: HTMLElement;
  /** The conversation's content, in order. */
  content: HTMLElement[];
  jump: HTMLElement;
  /** What stands below the conversation, in order. */
  bottom: HTMLElement[];
  announcer: HTMLElement;
}

export class Layout {
  readonly panel = make('main', 'panel');
  readonly log = make('div', 'log');
  readonly column: HTMLElement;
  readonly #bottom: HTMLElement;
  #sheet: HTMLElement | null = null;

  constructor(words: Strings, { header, content, jump, bottom, announcer }: Parts) {
    const { log, panel } = this;
    this.column = make('div', 'column', ...content);
    this.#bottom = make('div', 'bottom', jump, ...bottom);
    log.setAttribute('role', 'log');
    log.setAttribute('aria-live', 'off');
    log.setAttribute('aria-label', words.conversation);
    log.tabIndex = 0;
    log.append(this.column);
    panel.tabIndex = -1;
    panel.append(header, log, this.#bottom, announcer);
    document.body.append(panel);
  }

  setBusy(isBusy: boolean): void {
    this.log.setAttribute('aria-busy', String(isBusy));
  }

  /** Puts something in the conversation's place, or takes it away. */
  setSheet(sheet: HTMLElement | null): void {
    this.#sheet?.remove();
    this.#sheet = sheet;
    this.log.hidden = this.#bottom.hidden = sheet !== null;
    if (sheet) this.log.before(sheet);
  }
}
