// Says over the whole panel that files can be let go here.
import { make } from '../panel/view/elements';
import { icon } from './icons';

export class DropHint {
  /** What the pointer entered last: it enters the next element before it leaves the one around it. */
  #over: EventTarget | null = null;
  readonly #node: HTMLElement;

  constructor(title: string, hint: string) {
    this.#node = make('div', 'file-drop', make('div', '', icon('table'), make('strong', '', title), make('span', '', hint)));
    // Whoever drags sees it.
    this.#node.setAttribute('aria-hidden', 'true');
  }

  drag(type: string, target: EventTarget | null): void {
    if (type === 'dragenter') this.#over = target;
    else if (type === 'drop' || target === this.#over) this.#over = null;
    if (!this.#over) this.#node.remove();
    else if (!this.#node.isConnected) document.body.append(this.#node);
  }
}
