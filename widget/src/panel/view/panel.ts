// The whole panel: puts the views together and shows what the chat tells.
import { call, problemOf, readProblem } from '../api';
import type { Chat, ChatListener } from '../chat';
import type { PanelConfig } from '../config';
import type { Conversation, Rating, Turn } from '../conversation';
import type { Host } from '../host';
import { Later } from '../later';
import { lookKeeper } from '../look';
import { errorSentence, fill, type Strings } from '../strings/index';
import { announcer } from './announcer';
import { avatar } from './avatar';
import { Composer } from './composer';
import { copyOnClick, copyText } from './copy';
import { datesIn } from './dates';
import { icon, make, textButton } from './elements';
import { Entrance } from './entrance';
import { headerView } from './header';
import { Layout } from './layout';
import { TurnList } from './list';
import { noticeLine, type Notice } from './notice';
import { Occasions } from './occasions';
import { painter } from './painter';
import { followEnd, type Follower } from './scroll';
import { endingOf, type TurnContext } from './turn';
import { welcomeView } from './welcome';

const DRAFT_WAIT_MS = 300;

export class Panel implements ChatListener {
  #chat!: Chat;
  #occasions!: Occasions;
  #host!: Host;
  #isVisible = false;
  #unread = 0;
  #draftTimer: ReturnType<typeof setTimeout> | undefined;
  readonly #words: Strings;
  readonly #dates;
  readonly #announcer = announcer();
  readonly #notice: Notice;
  readonly #header;
  readonly #welcome;
  readonly #composer: Composer;
  readonly #list: TurnList;
  readonly #card = make('div', 'card-slot');
  readonly #files = make('div');
  readonly #later: Later;
  #entrance!: Entrance;
  readonly #footer = make('p', 'powered');
  readonly #layout: Layout;
  readonly #follower: Follower;
  readonly #setLook = lookKeeper();
  readonly #schedule = painter(() => this.#paint());

  constructor(
    private config: PanelConfig,
    isFramed: boolean,
  ) {
    const words = (this.#words = config.strings);
    this.#later = new Later(config);
    this.#dates = datesIn(config.locale);
    this.#header = headerView(words, { anew: () => this.#startAnew(), menu: (anchor) => this.#occasions.menu(anchor), close: () => this.#close() }, isFramed);
    this.#welcome = welcomeView(words, (text) => this.#ask(text));
    this.#composer = new Composer(words, config.limits.maxMessageChars, {
      send: (text) => this.send(text),
      stop: () => this.#chat.stop(),
      draft: (text) => this.#keepDraft(text),
      attach: config.files && (() => this.#entrance.choose()),
      paste: (event) => this.#entrance.paste(event),
    });
    this.#list = new TurnList(words, this.#dates, () => this.#context());
    this.#notice = noticeLine(words, this.#announcer);
    const jump = textButton('jump', icon('down'), words.newMessages);
    this.#layout = new Layout(words, {
      header: this.#header.node,
      content: [this.#welcome.node, this.#list.node, this.#card],
      jump,
      bottom: [this.#notice.node, this.#files, this.#composer.node, this.#footer],
      announcer: this.#announcer.node,
    });
    this.#follower = followEnd(this.#layout.log, this.#layout.column, jump);
    copyOnClick(this.#list.node, words);
    document.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && !event.isComposing && !event.defaultPrevented) this.#close();
    });
  }

  /** From here on the panel works. */
  connect(chat: Chat, host: Host): void {
    this.#chat = chat;
    this.#host = host;
    const places = {
      setSheet: (sheet: HTMLElement | null) => this.#layout.setSheet(sheet),
      focusComposer: () => this.#focusComposer(),
    };
    this.#occasions = new Occasions(this.config, chat, host, this.#words, this.#announcer, {
      ...places,
      setCard: (card) => this.#setCard(card),
      setTurnCard: (turn, card) => this.#list.setCard(turn, card),
      setBlocked: (isBlocked) => void (this.#composer.node.hidden = isBlocked),
    }, this.#later);
    const stage = { ...places, strip: this.#files, composer: this.#composer, announcer: this.#announcer, call, problemOf, readProblem, errorSentence, uploaded: (file: object) => host.emit('file', { ...file }) };
    this.#entrance = new Entrance(this.config, chat, stage, this.#later, (error) => this.#occasions.fail(error));
    this.#composer.put(chat.sessions.memory.read().draft);
    this.#refresh();
    if (!host.isFramed) this.setVisible(true, true);
  }

  #context(): TurnContext {
    const { config } = this;
    const words = this.#words;
    return {
      words,
      dates: this.#dates,
      botName: config.botName,
      picture: avatar(config.botIcon),
      actions: {
        retry: (turn) => this.#chat.askAgain(turn),
        edit: (turn) => this.#edit(turn),
        copy: (text, from) => void copyText(text, from, words),
        rate: (turn, rating) => void this.#rate(turn, rating),
        ask: (text) => this.#ask(text),
      },
      prove: (...shown) => this.#occasions.prove(...shown),
    };
  }

  #refresh(): void {
    const { config } = this;
    const chat = this.#chat;
    const isEmpty = chat.conversation.turns.length === 0;
    this.#setLook(config);
    document.title = config.botName;
    this.#layout.panel.setAttribute('aria-label', config.botName);
    this.#header.update(config, !isEmpty);
    this.#welcome.update(config, isEmpty);
    this.#composer.update(chat.isRunning);
    this.#layout.setBusy(chat.isRunning);
    this.#footer.textContent = config.poweredBy ? fill(this.#words.poweredBy, { name: config.poweredBy }) : '';
  }

  #paint(): void {
    if (this.#list.paint()) this.#schedule();
    this.#follower.follow();
  }

  #setCard(card: HTMLElement | null): void {
    this.#card.replaceChildren(...(card ? [card] : []));
    if (card) this.#follower.toEnd();
  }

  #close(): void {
    this.#host.close();
  }

  #focusComposer(): void {
    // On touch the keyboard would cover the conversation before anyone asked for it.
    if (matchMedia('(pointer: coarse)').matches) this.#layout.panel.focus({ preventScroll: true });
    else this.#composer.focus();
  }

  #startAnew(): void {
    this.#chat.startAnew();
    this.#composer.focus();
  }

  #ask(text: string): void {
    this.send(text);
    this.#focusComposer();
  }

  #edit(turn: Turn): void {
    this.#composer.edit(turn.question, (text) => {
      if (text !== null) this.#chat.askAgain(turn, text);
    });
  }

  async #rate(turn: Turn, rating: Rating): Promise<void> {
    try {
      const rated = this.#chat.rate(turn, rating);
      this.#list.rated(turn);
      await rated;
    } catch (error) {
      this.#list.rated(turn);
      return void this.#occasions.fail(error);
    }
    if (rating) void this.#later.word('feedbackThanks').then(this.#announcer.say);
    if (rating === 'down') this.#occasions.comment(turn);
    else this.#list.setCard(turn, null);
  }

  #keepDraft(draft: string): void {
    clearTimeout(this.#draftTimer);
    const keep = (): void => this.#chat.sessions.memory.change({ draft });
    this.#draftTimer = setTimeout(keep, draft ? DRAFT_WAIT_MS : 0);
  }

  /** Says how a reply ended, once there are words for it. */
  async #explain(turn: Turn): Promise<void> {
    const ending = endingOf(turn);
    if (!ending) return;
    await this.#later.word(ending);
    this.#list.update(turn);
  }

  #setUnread(count: number): void {
    if (count === this.#unread) return;
    this.#unread = count;
    this.#host.unread(count);
    this.#host.emit('unread', { count });
  }

  setVisible(isVisible: boolean, focus: boolean): void {
    this.#isVisible = isVisible;
    if (!isVisible) return;
    this.#setUnread(0);
    this.#follower.follow();
    if (focus) this.#focusComposer();
    if (!this.#chat.conversation.turns.length) this.#occasions.lead('before');
  }

  configure(config: PanelConfig): void {
    this.config = config;
    this.#refresh();
  }

  putDraft(text: string): void {
    this.#composer.put(text);
  }

  /** A page may look at what is sent, change it or refuse it. */
  send(text: string): void {
    const cut = text.slice(0, this.config.limits.maxMessageChars).trim();
    void this.#host.approve(cut).then((approved) => {
      if (approved === null || !this.#chat.send(approved.trim())) this.#composer.put(cut);
    });
  }

  // What the chat tells.

  added(turn: Turn, instead: Turn | null): void {
    this.#list.add(turn, instead);
    this.#refresh();
    this.#follower.toEnd();
    if (instead) this.#composer.focus();
    void this.#later.word('stopped');
    this.#announcer.say(fill(this.#words.typing, { name: this.config.botName }));
    this.#host.emit('message', { messageId: turn.replyId });
  }

  wrote(turn: Turn, text: string): void {
    this.#list.write(turn, text);
    if (this.#isVisible) this.#announcer.read(text);
    this.#schedule();
  }

  changed(turn: Turn): void {
    this.#list.update(turn);
    this.#schedule();
  }

  ended(turn: Turn): void {
    this.#list.update(turn);
    this.#announcer.end();
    void this.#explain(turn).then(() => turn.problem && this.#announcer.alarm(errorSentence(this.#words, turn.problem)));
    this.#refresh();
    this.#schedule();
    if (turn.problem) this.#host.emit('error', { code: turn.problem.code, messageId: turn.replyId });
    else this.#host.emit('reply', { messageId: turn.replyId, state: turn.state });
    if (!this.#isVisible) this.#setUnread(this.#unread + 1);
    if (!turn.problem) this.#occasions.lead('after');
  }

  loaded(conversation: Conversation): void {
    this.#list.show(conversation);
    for (const turn of conversation.turns) void this.#explain(turn);
    this.#paint();
    // A form stays over an empty conversation: a session may just have begun by what was filled in.
    if (conversation.turns.length) this.#setCard(null);
    else this.#setUnread(0);
    this.#refresh();
    this.#follower.toEnd();
    this.#entrance.look();
  }

  queued(waiting: string[]): void {
    this.#list.queue(waiting);
    if (waiting.length) this.#follower.toEnd();
  }

  returned(text: string): void {
    this.#composer.put(text);
  }

  connectionLost(isLost: boolean): void {
    this.#notice.connectionLost(isLost);
  }

  contactWanted(): void {
    this.#occasions.lead('demand');
  }

  sessionRenewed(): void {
    void this.#later.word('sessionRenewed').then((sentence) => {
      this.#list.divide(sentence);
      this.#announcer.say(sentence);
    });
  }
}
