// The whole panel: puts the views together and passes on what the chat and the host page say.
import type { Chat, ChatListener } from '../chat';
import { themeFrom, withHostConfig, type LeadForm, type PanelConfig } from '../config';
import type { Conversation, Problem, Rating, Turn } from '../conversation';
import type { Cards, Stage } from '../../extras/cards';
import type { Identity } from '../../frame-messages';
import { problemOf } from '../api';
import type { Host, HostHandlers } from '../host';
import { lookKeeper } from '../look';
import { errorSentence, fill, type Strings } from '../strings/index';
import { announcer } from './announcer';
import { avatar } from './avatar';
import { Composer } from './composer';
import { copyOnClick, copyText } from './copy';
import { datesIn } from './dates';
import { icon, make, textButton } from './elements';
import { headerView } from './header';
import { Layout } from './layout';
import { TurnList } from './list';
import { noticeLine, type Notice } from './notice';
import { painter } from './painter';
import { followEnd, type Follower } from './scroll';
import type { TurnContext } from './turn';
import { welcomeView } from './welcome';

const DRAFT_WAIT_MS = 300;

export class Panel implements ChatListener, HostHandlers {
  private chat!: Chat;
  private loadingCards: Promise<Cards> | null = null;
  private host!: Host;
  private isVisible = false;
  private isExpanded = false;
  private unread = 0;
  private draftTimer: ReturnType<typeof setTimeout> | undefined;
  private readonly words: Strings;
  private readonly dates;
  private readonly announcer = announcer();
  private readonly notice: Notice;
  private readonly header;
  private readonly welcome;
  private readonly composer: Composer;
  private readonly list: TurnList;
  private readonly card = make('div', 'card-slot');
  private readonly footer = make('p', 'powered');
  private readonly layout: Layout;
  private readonly follower: Follower;
  private readonly setLook = lookKeeper();
  private readonly schedule = painter(() => this.paint());

  constructor(
    private config: PanelConfig,
    isFramed: boolean,
  ) {
    const words = (this.words = config.strings);
    this.dates = datesIn(config.locale);
    this.header = headerView(words, { anew: () => this.clear(), menu: (anchor) => this.openMenu(anchor), close: () => this.close() }, isFramed);
    this.welcome = welcomeView(words, (text) => this.ask(text));
    this.composer = new Composer(words, config.maxMessageChars, {
      send: (text) => this.send(text),
      stop: () => this.chat.stop(),
      draft: (text) => this.keepDraft(text),
    });
    this.list = new TurnList(words, this.dates, () => this.context());
    this.notice = noticeLine(words, this.announcer);
    const jump = textButton('jump', icon('down'), words.newMessages);
    this.layout = new Layout(words, {
      header: this.header.node,
      content: [this.welcome.node, this.list.node, this.card],
      jump,
      bottom: [this.notice.node, this.composer.node, this.footer],
      announcer: this.announcer.node,
    });
    this.follower = followEnd(this.layout.log, this.layout.column, jump);
    copyOnClick(this.list.node, words);
    document.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && !event.isComposing && !event.defaultPrevented) this.close();
    });
  }

  /** From here on the panel works. */
  connect(chat: Chat, host: Host): void {
    this.chat = chat;
    this.host = host;
    this.composer.put(chat.sessions.memory.read().draft);
    this.refresh();
    if (!host.isFramed) this.visible(true, true);
  }

  private context(): TurnContext {
    const { words, dates, config, chat } = this;
    return {
      words,
      dates,
      botName: config.botName,
      picture: avatar(config.botIcon),
      actions: {
        retry: (turn) => chat.askAgain(turn),
        edit: (turn) => this.edit(turn),
        copy: (text, from) => void copyText(text, from, words),
        rate: (turn, rating) => void this.rate(turn, rating),
        ask: (text) => this.ask(text),
      },
    };
  }

  private refresh(): void {
    const { config, chat } = this;
    const isEmpty = chat.conversation.turns.length === 0;
    this.setLook(config);
    document.title = config.botName;
    this.header.update(config, !isEmpty);
    this.welcome.update(config, isEmpty);
    this.composer.update(chat.isRunning);
    this.layout.setBusy(chat.isRunning);
    this.footer.textContent = config.poweredBy ? fill(this.words.poweredBy, { name: config.poweredBy }) : '';
  }

  private paint(): void {
    if (this.list.paint()) this.schedule();
    this.follower.follow();
  }

  private setCard(card: HTMLElement | null): void {
    this.card.replaceChildren(...(card ? [card] : []));
    this.follower.toEnd();
  }

  private close(): void {
    this.host.close();
  }

  private focusComposer(): void {
    // On touch the keyboard would cover the conversation before anyone asked for it.
    if (matchMedia('(pointer: coarse)').matches) this.layout.panel.focus({ preventScroll: true });
    else this.composer.focus();
  }

  private openMenu(anchor: HTMLElement): void {
    const { host, isExpanded } = this;
    const change = (): void => host.expand((this.isExpanded = !isExpanded));
    void this.cards((cards) => cards.menu(anchor, { canChange: host.canExpand, isExpanded, change }));
  }

  /** Shows the lead form when it is due: never again to those who filled it in or skipped it. */
  private lead(when: LeadForm['when']): void {
    const form = this.config.leadForm;
    if (form?.when !== when || this.chat.sessions.memory.read().hasMet || this.card.firstChild) return;
    this.composer.node.hidden = form.required && when === 'before';
    void this.cards((cards) => cards.lead(form));
  }

  /** What is needed now and then is loaded when it is first wanted, so that opening the chat does not wait for it. */
  private async cards(use: (cards: Cards) => void): Promise<void> {
    try {
      this.loadingCards ??= import(this.config.extras).then(({ Cards: Loaded }: { Cards: typeof Cards }) => new Loaded(this.config, this.chat, this.stage()));
      use(await this.loadingCards);
    } catch (error) {
      this.loadingCards = null;
      this.composer.node.hidden = false;
      this.fail(error);
    }
  }

  private stage(): Stage {
    return {
      setSheet: (sheet) => this.layout.setSheet(sheet),
      setCard: (card) => this.setCard(card),
      setTurnCard: (turn, card) => this.list.setCard(turn, card),
      say: (text) => this.announcer.say(text),
      fail: (error) => this.fail(error),
      focusComposer: () => this.focusComposer(),
      setBlocked: (isBlocked) => void (this.composer.node.hidden = isBlocked),
      introduced: (fields) => this.host.emit('lead', { fields }),
    };
  }

  private fail(error: unknown): Problem {
    const problem = problemOf(error);
    this.announcer.alarm(errorSentence(this.words, problem));
    return problem;
  }

  private ask(text: string): void {
    this.send(text);
    this.focusComposer();
  }

  private edit(turn: Turn): void {
    this.composer.edit(turn.question, (text) => {
      if (text !== null) this.chat.askAgain(turn, text);
    });
  }

  private async rate(turn: Turn, rating: Rating): Promise<void> {
    try {
      const rated = this.chat.rate(turn, rating);
      this.list.rated(turn);
      await rated;
    } catch (error) {
      this.list.rated(turn);
      return void this.fail(error);
    }
    if (rating) this.announcer.say(this.words.feedbackThanks);
    if (rating === 'down') void this.cards((cards) => cards.comment(turn));
    else this.list.setCard(turn, null);
  }

  private keepDraft(draft: string): void {
    clearTimeout(this.draftTimer);
    const keep = (): void => this.chat.sessions.memory.change({ draft });
    this.draftTimer = setTimeout(keep, draft ? DRAFT_WAIT_MS : 0);
  }

  private setUnread(count: number): void {
    if (count === this.unread) return;
    this.unread = count;
    this.host.unread(count);
    this.host.emit('unread', { count });
  }

  // What the chat tells.

  added(turn: Turn, instead: Turn | null): void {
    this.list.add(turn, instead);
    this.refresh();
    this.follower.toEnd();
    if (instead) this.composer.focus();
    this.announcer.say(fill(this.words.typing, { name: this.config.botName }));
    this.host.emit('message', { messageId: turn.replyId });
  }

  wrote(turn: Turn, text: string): void {
    this.list.write(turn, text);
    if (this.isVisible) this.announcer.read(text);
    this.schedule();
  }

  changed(turn: Turn): void {
    this.list.update(turn);
    this.schedule();
  }

  ended(turn: Turn): void {
    this.list.update(turn);
    this.announcer.end();
    if (turn.problem) this.announcer.alarm(errorSentence(this.words, turn.problem));
    this.refresh();
    this.schedule();
    if (turn.problem) this.host.emit('error', { code: turn.problem.code, messageId: turn.replyId });
    else this.host.emit('reply', { messageId: turn.replyId, state: turn.state });
    if (!this.isVisible) this.setUnread(this.unread + 1);
    if (!turn.problem) this.lead('after');
  }

  loaded(conversation: Conversation): void {
    this.list.show(conversation);
    this.paint();
    this.setCard(null);
    this.refresh();
  }

  queued(waiting: string[]): void {
    this.list.queue(waiting);
    this.follower.toEnd();
  }

  returned(text: string): void {
    this.composer.put(text);
  }

  connectionLost(isLost: boolean): void {
    this.notice.connectionLost(isLost);
  }

  contactWanted(): void {
    this.lead('demand');
  }

  sessionRenewed(): void {
    this.list.divide(this.words.sessionRenewed);
    this.announcer.say(this.words.sessionRenewed);
  }

  // What the host page tells.

  settings(config: Record<string, unknown>): void {
    Object.assign(this.chat.sessions.config, config);
    this.config = withHostConfig(this.config, config);
    this.refresh();
  }

  recalled(kept: unknown): void {
    const { memory } = this.chat.sessions;
    const { draft } = memory.read();
    if (!memory.adopt(kept)) return;
    if (!draft) this.composer.put(memory.read().draft);
    this.chat.follow();
  }

  visible(isVisible: boolean, focus: boolean): void {
    this.isVisible = isVisible;
    if (!isVisible) return;
    this.setUnread(0);
    this.follower.follow();
    if (focus) this.focusComposer();
    if (!this.chat.conversation.turns.length) this.lead('before');
  }

  /** A page may look at what is sent, change it or refuse it. */
  send(text: string): void {
    const cut = text.slice(0, this.config.maxMessageChars).trim();
    void this.host.approve(cut).then((approved) => {
      if (approved === null || !this.chat.send(approved.trim())) this.composer.put(cut);
    });
  }

  clear(): void {
    this.chat.startAnew();
    this.composer.focus();
  }

  identify(identity: Identity): void {
    this.chat.sessions.identify(identity);
  }

  theme(theme: string): void {
    this.config = { ...this.config, theme: themeFrom(theme) };
    this.refresh();
  }

  reset(): void {
    this.chat.reset();
    this.setUnread(0);
  }
}

