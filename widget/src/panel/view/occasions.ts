// What is needed now and then (menu, lead form, comment) is loaded when it is first wanted, so that opening the chat does
// not wait for it.
import type { Proofs } from '../../data/main';
import type { Cards, Stage } from '../../extras/cards';
import { problemOf } from '../api';
import type { Chat } from '../chat';
import type { LeadForm, PanelConfig } from '../config';
import type { Problem, Turn } from '../conversation';
import type { Host } from '../host';
import { LaterPart, type Later } from '../later';
import { errorSentence, type AllStrings, type Strings } from '../strings/index';
import type { Announcer } from './announcer';

type Places = Pick<Stage, 'setSheet' | 'setCard' | 'setTurnCard' | 'focusComposer' | 'setBlocked'>;

export class Occasions {
  readonly #cards: LaterPart<{ Cards: typeof Cards }, Cards>;
  readonly #proofs: LaterPart<{ Proofs: typeof Proofs }, Proofs>;
  #isExpanded = false;

  constructor(
    private readonly config: PanelConfig,
    private readonly chat: Chat,
    private readonly host: Host,
    private readonly words: Strings,
    private readonly announcer: Announcer,
    private readonly places: Places,
    private readonly later: Later,
  ) {
    const stage: Stage = {
      ...places,
      say: (text) => announcer.say(text),
      fail: (error) => this.fail(error),
      introduced: (fields) => host.emit('lead', { fields }),
    };
    this.#cards = new LaterPart(later, 'extras', ({ Cards: Loaded }, all) => new Loaded(config, all, chat, stage), (error) => {
      places.setBlocked(false);
      this.fail(error);
    });
    const prover = ({ Proofs: Loaded }: { Proofs: typeof Proofs }, all: AllStrings): Proofs => new Loaded(all, config.locale, announcer, chat.sessions);
    this.#proofs = new LaterPart(later, 'data', prover, () => undefined);
  }

  menu(anchor: HTMLElement): void {
    const { host } = this;
    const isExpanded = this.#isExpanded;
    const change = (): void => host.expand((this.#isExpanded = !isExpanded));
    void this.#cards.use((cards) => cards.menu(anchor, { canChange: host.canExpand, isExpanded, change }));
  }

  comment(turn: Turn): void {
    void this.#cards.use((cards) => cards.comment(turn));
  }

  /** Shows the lead form when it is due: never again to those who filled it in or skipped it. */
  lead(when: LeadForm['when']): void {
    const form = this.config.leadForm;
    if (form?.when !== when || this.chat.sessions.memory.read().hasMet) return;
    this.places.setBlocked(form.required && when === 'before');
    void this.#cards.use((cards) => cards.lead(form));
  }

  /** Shows how a reply was computed. Without the script for it the reply stands as it is; what comes next tries again. */
  prove(...shown: Parameters<Proofs['show']>): void {
    void this.#proofs.use((proofs) => proofs.show(...shown));
  }

  fail(error: unknown): Problem {
    const problem = problemOf(error);
    void this.later.word(`error.${problem.code}`).then(() => this.announcer.alarm(errorSentence(this.words, problem)));
    return problem;
  }
}
