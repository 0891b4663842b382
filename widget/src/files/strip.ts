// The files of the conversation, side by side above the composer, and the offer to make one of a pasted table.
import type { AllStrings } from '../panel/strings/index';
import { button, make, textButton } from '../panel/view/elements';
import { chipView, type Chip, type ChipActions } from './chip';
import { icon } from './icons';
import type { Numbers } from './numbers';
import type { Attached } from './types';

export class Strip {
  readonly #list = make('ul', 'file-strip');
  readonly #chips = new Map<Attached, Chip>();
  #offer: HTMLElement | null = null;

  constructor(
    private readonly place: HTMLElement,
    private readonly words: AllStrings,
    private readonly numbers: Numbers,
    private readonly actions: ChipActions,
  ) {
    this.#list.setAttribute('aria-label', words.files);
    this.#list.hidden = true;
    place.append(this.#list);
  }

  show(all: Attached[]): void {
    for (const [one, { node }] of this.#chips) {
      if (all.includes(one)) continue;
      node.remove();
      this.#chips.delete(one);
    }
    for (const one of all) {
      if (!this.#chips.has(one)) this.#add(one);
      this.update(one);
    }
    this.#list.hidden = !all.length;
  }

  update(one: Attached): void {
    this.#chips.get(one)?.update();
  }

  /** Focuses what can be pressed on a file; whether there was something. */
  focus(one: Attached | undefined): boolean {
    const target = one && this.#chips.get(one)?.node.querySelector<HTMLElement>('button:enabled:not([hidden])');
    target?.focus();
    return Boolean(target);
  }

  hasFocus(one: Attached): boolean {
    return this.#chips.get(one)?.node.contains(document.activeElement) === true;
  }

  /** Asks whether what was pasted shall be a file; null asks nothing any more. */
  offer(accept: (() => void) | null): void {
    this.#offer?.remove();
    this.#offer = null;
    if (!accept) return;
    const { words } = this;
    const yes = textButton('text-button', icon('table'), words.tableAttach);
    const no = button('icon-button is-small', words.tableKeep, icon('close'));
    yes.addEventListener('click', accept);
    no.addEventListener('click', () => this.offer(null));
    this.#offer = make('div', 'file-offer', make('span', '', words.tableFound), yes, no);
    this.place.append(this.#offer);
  }

  #add(one: Attached): void {
    const chip = chipView(one, this.words, this.numbers, this.actions);
    this.#chips.set(one, chip);
    this.#list.append(chip.node);
    chip.node.scrollIntoView({ block: 'nearest' });
  }
}
