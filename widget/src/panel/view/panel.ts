// The whole panel: lays the views out and passes on what the chat and the host page say.
import type { Chat, ChatListener } from '../chat';
import { withHostConfig, type PanelConfig } from '../config';
import { lastTurn, type Conversation, type Turn } from '../conversation';
import type { Host, HostHandlers } from '../host';
import { lookKeeper } from '../look';
import { errorSentence, fill, type Strings } from '../strings/index';
import { announcer } from './announcer';
import { avatar } from './avatar';
import { composerView, type ComposerView } from './composer';
import { copyText } from './copy';
import { icon, make } from './elements';
import { headerView, type HeaderView } from './header';
import { painter } from './painter';
import { followEnd, type Follower } from './scroll';
import { turnView, type TurnView } from './turn';
import { welcomeView, type WelcomeView } from './welcome';

export class Panel implements ChatListener, HostHandlers {
  private chat!: Chat;
  private host: Host | null = null;
  private isVisible: boolean;
  private readonly turns = new Map<Turn, TurnView>();
  private readonly toPaint = new Set<TurnView>();
  private readonly announcer = announcer();
  private readonly header: HeaderView;
  private readonly welcome: WelcomeView;
  private readonly composer: ComposerView;
  private readonly follower: Follower;
  private readonly panel = make('main', 'panel');
  private readonly log = make('div', 'log');
  private readonly list = make('div', 'list');
  private readonly notice = make('p', 'notice');
  private readonly footer = make('p', 'powered');
  private readonly setLook = lookKeeper();
  private readonly schedule = painter(() => this.paint());

  constructor(
    private readonly words: Strings,
    private config: PanelConfig,
    isFramed: boolean,
  ) {
    this.isVisible = !isFramed;
    this.header = headerView(words, { anew: () => this.clear(), close: () => this.close() }, isFramed);
    this.welcome = welcomeView(words, (text) => this.send(text));
    this.composer = composerView(words, config.maxMessageChars, {
      send: (text) => this.chat.send(text),
      stop: () => this.chat.stop(),
    });
    const jump = make('button', 'jump', icon('down'), words.newMessages);
    jump.type = 'button';
    const column = make('div', 'column', this.welcome.node, this.list);
    this.follower = followEnd(this.log, column, jump);
    this.build(column, jump);
    this.listen();
  }

  connect(chat: Chat): void {
    this.chat = chat;
    this.refresh();
  }

  attach(host: Host): void {
    this.host = host;
    if (this.isVisible) this.focusComposer();
  }

  private build(column: HTMLElement, jump: HTMLElement): void {
    const { log, notice, footer } = this;
    log.setAttribute('role', 'log');
    log.setAttribute('aria-live', 'off');
    log.setAttribute('aria-label', this.words.conversation);
    log.tabIndex = 0;
    log.append(column);
    notice.hidden = true;
    const bottom = make('div', 'bottom', jump, notice, this.composer.node, footer);
    this.panel.tabIndex = -1;
    this.panel.append(this.header.node, log, bottom, this.announcer.node);
    document.body.append(this.panel);
  }

  private listen(): void {
    document.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && !event.isComposing) this.close();
    });
    this.list.addEventListener('click', ({ target }) => {
      const copy = target instanceof Element ? target.closest<HTMLElement>('.copy-code') : null;
      const code = copy?.closest('figure')?.querySelector('code')?.textContent;
      if (copy && code) void copyText(code, copy, this.words);
    });
    addEventListener('offline', () => this.showNotice(this.words.offline));
    addEventListener('online', () => this.showNotice(''));
    if (!navigator.onLine) this.showNotice(this.words.offline);
  }

  private refresh(): void {
    const isEmpty = this.chat.conversation.turns.length === 0;
    this.setLook(this.config);
    document.title = this.config.botName;
    this.header.update(this.config, !isEmpty);
    this.welcome.update(this.config, isEmpty);
    this.composer.update(this.chat.isRunning);
    this.footer.textContent = this.config.poweredBy ? fill(this.words.poweredBy, { name: this.config.poweredBy }) : '';
  }

  private paint(): void {
    for (const view of this.toPaint) view.paint();
    this.toPaint.clear();
    this.follower.follow();
  }

  private showNotice(text: string): void {
    this.notice.hidden = text === '';
    this.notice.textContent = text;
    if (text) this.announcer.say(text);
  }

  private close(): void {
    this.host?.close();
  }

  private focusComposer(): void {
    // On touch the keyboard would cover the conversation before anyone asked for it.
    if (matchMedia('(pointer: coarse)').matches) this.panel.focus({ preventScroll: true });
    else this.composer.focus();
  }

  private viewOf(turn: Turn): TurnView {
    const view = turnView(turn, {
      words: this.words,
      botName: this.config.botName,
      picture: avatar(this.config.botIcon),
      actions: {
        retry: (old) => this.chat.retry(old),
        copy: (text, from) => void copyText(text, from, this.words),
      },
    });
    this.turns.set(turn, view);
    return view;
  }

  // What the chat tells.

  added(turn: Turn, instead: Turn | null): void {
    const view = this.viewOf(turn);
    const old = instead && this.turns.get(instead);
    if (old) old.node.replaceWith(view.node);
    else this.list.append(view.node);
    if (instead) this.turns.delete(instead);
    this.refresh();
    this.follower.toEnd();
    if (instead) this.composer.focus();
    this.announcer.say(fill(this.words.typing, { name: this.config.botName }));
    this.host?.emit('message', { messageId: turn.replyId });
  }

  wrote(turn: Turn, text: string): void {
    const view = this.turns.get(turn);
    if (!view) return;
    view.write(text);
    if (turn.text === text) view.update();
    this.toPaint.add(view);
    if (this.isVisible) this.announcer.read(text);
    this.schedule();
  }

  changed(turn: Turn): void {
    this.turns.get(turn)?.update();
    this.schedule();
  }

  ended(turn: Turn): void {
    this.turns.get(turn)?.update();
    this.announcer.end();
    if (turn.problem) this.announcer.alarm(errorSentence(this.words, turn.problem));
    this.refresh();
    this.schedule();
    if (turn.problem) this.host?.emit('error', { code: turn.problem.code, messageId: turn.replyId });
    else this.host?.emit('reply', { messageId: turn.replyId, state: turn.state });
    if (!this.isVisible) this.host?.unread(1);
  }

  loaded(conversation: Conversation): void {
    this.turns.clear();
    this.list.replaceChildren(...conversation.turns.map((turn) => this.viewOf(turn).node));
    this.refresh();
    this.follower.toEnd();
  }

  connectionLost(isLost: boolean): void {
    this.showNotice(isLost ? (navigator.onLine ? this.words.reconnecting : this.words.offline) : '');
  }

  sessionCreated(sessionId: string): void {
    this.host?.sessionCreated(sessionId);
  }

  sessionRenewed(): void {
    const line = make('p', 'divider', this.words.sessionRenewed);
    const last = lastTurn(this.chat.conversation);
    (last && this.turns.get(last)?.node)?.before(line);
    this.announcer.say(this.words.sessionRenewed);
  }

  // What the host page tells.

  settings(config: Record<string, unknown>): void {
    this.chat.sessionConfig = { ...this.chat.sessionConfig, ...config };
    this.config = withHostConfig(this.config, config);
    this.refresh();
  }

  recalled(kept: unknown): void {
    this.chat.recall(kept);
  }

  visible(isVisible: boolean, focus: boolean): void {
    this.isVisible = isVisible;
    if (isVisible) this.follower.follow();
    if (isVisible && focus) this.focusComposer();
  }

  send(text: string): void {
    this.chat.send(text.slice(0, this.config.maxMessageChars).trim());
  }

  clear(): void {
    this.chat.startAnew();
    this.composer.focus();
  }
}
