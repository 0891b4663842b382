// What is needed now and then (menu, lead form, comment) is loaded when it is first wanted, so that opening the chat does
// not wait for it.
import type { Proofs } from '../../data/main';
import type { Cards, Stage } from '../../extras/cards';
import { problemOf } from '../api';
import type { Chat } from '../chat';
import type { LeadForm, PanelConfig } from '../config';
import type { Problem, Turn } from '../conversation';
import type { Host } from '../host';
import type { Later } from '../later';
import { errorSentence, type Strings } from '../strings/index';
import type { Announcer } from './announcer';

type Places = Pick<Stage, 'setSheet' | 'setCard' | 'setTurnCard' | 'focusComposer' | 'setBlocked'>;

export class Occasions {
  #loading: Promise<Cards> | null = null;
  #isExpanded = false;
  #proofs: Promise<Proofs> | null = null;

  constructor(
    private readonly config: PanelConfig,
    private readonly chat: Chat,
    private readonly host: Host,
    private readonly words: Strings,
    private readonly announcer: Announcer,
    private readonly places: Places,
    private readonly later: Later,
  ) {}

  menu(anchor: HTMLElement): void {
    const { host } = this;
    const isExpanded = this.#isExpanded;
    const change = (): void => host.expand((this.#isExpanded = !isExpanded));
    void this.#use((cards) => cards.menu(anchor, { canChange: host.canExpand, isExpanded, change }));
  }

  comment(turn: Turn): void {
    void this.#use((cards) => cards.comment(turn));
  }

  /** Shows the lead form when it is due: never again to those who filled it in or skipped it. */
  lead(when: LeadForm['when']): void {
    const form = this.config.leadForm;
    if (form?.when !== when || this.chat.sessions.memory.read().hasMet) return;
    this.places.setBlocked(form.required && when === 'before');
    void this.#use((cards) => cards.lead(form));
  }

  /** Shows how a reply was computed. Without the script for it the reply stands as it is; what comes next tries again. */
  prove(...shown: Parameters<Proofs['show']>): void {
    const load = async (): Promise<Proofs> => {
      const [{ Proofs: Loaded }, words] = await this.later.load<{ Proofs: typeof Proofs }>('data');
      return new Loaded(words, this.config.locale, this.announcer, this.chat.sessions);
    };
    (this.#proofs ??= load()).then((proofs) => proofs.show(...shown), () => (this.#proofs = null));
  }

  fail(error: unknown): Problem {
    const problem = problemOf(error);
    this.announcer.alarm(errorSentence(this.words, problem));
    return problem;
  }

  async #use(deed: (cards: Cards) => void): Promise<void> {
    try {
      this.#loading ??= this.#load();
      deed(await this.#loading);
    } catch (error) {
      this.#loading = null;
      this.places.setBlocked(false);
      this.fail(error);
    }
  }

  async #load(): Promise<Cards> {
    const { config, chat, host, announcer, places, later } = this;
    const [{ Cards: Loaded }, words] = await later.load<{ Cards: typeof Cards }>('extras');
    return new Loaded(config, words, chat, {
      ...places,
      say: (text) => announcer.say(text),
      fail: (error) => this.fail(error),
      introduced: (fields) => host.emit('lead', { fields }),
    });
  }
}
