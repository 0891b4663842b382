// What the visitor needs now and then, and what comes of it: menu, earlier conversations, lead form, comment, erasing.
import type { Chat } from '../panel/chat';
import type { LeadForm, PanelConfig } from '../panel/config';
import type { Problem, Turn } from '../panel/conversation';
import type { AllStrings } from '../panel/strings/index';
import { commentCard } from './comment';
import { conversationSheet } from './conversations';
import { eraseCard } from './erase';
import { leadCard } from './lead';
import { openMenu, type MenuItem } from './menu';
import { saveFile } from './save';

/** The places and voices of the panel that a card needs. */
export interface Stage {
  setSheet(sheet: HTMLElement | null): void;
  /** Puts a card at the conversation's end, or takes it away. */
  setCard(card: HTMLElement | null): void;
  setTurnCard(turn: Turn, card: HTMLElement | null): void;
  say(text: string): void;
  fail(error: unknown): Problem;
  focusComposer(): void;
  /** The composer is of no use before a form that has to be filled in. */
  setBlocked(isBlocked: boolean): void;
  /** The names of what was told. */
  introduced(fields: string[]): void;
}

/** Whether the panel can be made larger. */
export interface Size {
  canChange: boolean;
  isExpanded: boolean;
  change(): void;
}

export class Cards {
  private form: HTMLElement | null = null;

  constructor(
    private readonly config: PanelConfig,
    private readonly words: AllStrings,
    private readonly chat: Chat,
    private readonly stage: Stage,
  ) {}

  menu(anchor: HTMLElement, size: Size): void {
    const { chat, words } = this;
    const hasSession = chat.sessions.current !== null;
    const items: (MenuItem | false)[] = [
      size.canChange && { label: size.isExpanded ? words.shrink : words.expand, icon: size.isExpanded ? 'shrink' : 'expand', run: size.change },
      { label: words.conversations, icon: 'list', run: () => this.conversations() },
      hasSession && chat.conversation.turns.length > 0 && { label: words.download, icon: 'download', run: () => void this.download() },
      hasSession && { label: words.erase, icon: 'trash', isDangerous: true, run: () => this.erase() },
    ];
    openMenu(anchor, items.filter((item) => item !== false));
  }

  lead(form: LeadForm): void {
    const { stage, words } = this;
    // It is due again after each reply and each opening; a new one would lose what has been written in it.
    if (this.form?.isConnected) return;
    const skip = (): void => {
      this.met();
      stage.setCard(null);
    };
    this.form = leadCard(form, words, { submit: (details) => this.introduce(details, form.consent ?? ''), skip });
    stage.setCard(this.form);
  }

  comment(turn: Turn): void {
    const { stage, chat, words } = this;
    const cancel = (): void => stage.setTurnCard(turn, null);
    const send = async (text: string): Promise<void> => {
      await chat.rate(turn, 'down', text).catch((error: unknown) => void stage.fail(error));
      stage.say(words.feedbackThanks);
      cancel();
    };
    stage.setTurnCard(turn, commentCard(words, { send, cancel }));
  }

  private conversations(): void {
    const { chat, config, stage, words } = this;
    const { conversations, current } = chat.sessions.memory.read();
    const back = (): void => {
      stage.setSheet(null);
      stage.focusComposer();
    };
    const open = (sessionId: string): void => {
      const other = conversations.find((conversation) => conversation.sessionId === sessionId);
      back();
      if (other && sessionId !== current) void chat.enter(other);
    };
    const known = conversations.filter(({ title }) => title);
    stage.setSheet(conversationSheet(known, current, words, config.locale, { open, back }));
  }

  private async download(): Promise<void> {
    try {
      const response = await this.chat.sessions.call('GET', '/export?format=txt');
      saveFile(await response.blob(), `${this.words.downloadFile}.txt`);
    } catch (error) {
      this.stage.fail(error);
    }
  }

  private erase(): void {
    const { stage, chat, words } = this;
    const cancel = (): void => {
      stage.setCard(null);
      stage.focusComposer();
    };
    const confirm = async (): Promise<void> => {
      try {
        await chat.erase();
        stage.say(words.erased);
      } catch (error) {
        stage.fail(error);
      }
      cancel();
    };
    stage.setCard(eraseCard(words, { confirm, cancel }));
  }

  /** What the visitor agreed to is kept with what they told. */
  private async introduce(details: Record<string, string>, consent: string): Promise<Problem | null> {
    try {
      await this.chat.sessions.call('POST', '/details', consent ? { ...details, consent } : details);
    } catch (error) {
      return this.stage.fail(error);
    }
    this.met();
    this.stage.introduced(Object.keys(details));
    return null;
  }

  private met(): void {
    this.chat.sessions.memory.change({ hasMet: true });
    this.stage.setBlocked(false);
    this.stage.focusComposer();
  }
}
