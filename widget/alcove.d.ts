// Types of what the script tag puts on a page: `window.Alcove` and `window.ChatbotConfig`. For pages in TypeScript:
// copy this file into the project, or name it in a `/// <reference path="…/alcove.d.ts" />`.
//
// Attributes of the tag, all optional. A value that cannot be used is ignored, with one warning in the console.
//
//   data-bot          letters, digits, - and _: which of the server's bots this is; several tags make several widgets
//   data-name         name in the button's label and the chat's header
//   data-color        #rgb or #rrggbb: accent
//   data-icon         address of the bot's picture
//   data-position     right, left: corner of the button
//   data-theme        auto (follows the visitor's system), light, dark, host (follows the page, live)
//   data-locale       a language tag, or page for that of the <html> element
//   data-open         nothing, true, false: open when the page appears, unless the visitor closed it
//   data-greeting     first words
//   data-suggestions  questions to begin with: a|b|c
//   data-z-index      layer; 2147483000 unless set
//   data-target       #id, .class or element name: the chat stands in that element, without a button
//   data-label        text beside the button's picture
//   data-size         40 to 80: px of the button
//   data-offset       px from the side and from the bottom: 20, or 20 32
//   data-teaser       a line above the button, until it is dismissed or the chat opened
//
// CSS custom properties of the page, on :root or on alcove-widget: --alcove-size, --alcove-width, --alcove-height,
// --alcove-radius, --alcove-offset-x, --alcove-offset-y, --alcove-shadow.

declare namespace Alcove {
  type Theme = 'light' | 'dark' | 'auto' | 'host';

  /** Who the page says its user is; not proven. */
  interface Identity {
    id?: string;
    name?: string;
    email?: string;
    phone?: string;
  }

  /** Facts for the assistant, sent along with each message. Values are what JSON can hold. */
  type Context = Record<string, unknown>;

  /** What a listener is given. None of it carries what was said, `beforesend` excepted. */
  interface Events {
    /** The chat has loaded. */
    ready: Record<string, never>;
    open: Record<string, never>;
    close: Record<string, never>;
    /** The visitor has sent something. */
    message: { messageId: string };
    /** An answer has ended. */
    reply: { messageId: string; state: string };
    /** An answer failed. */
    error: { messageId?: string; code: string };
    /** The visitor has left contact details; which ones, not what they are. */
    lead: { fields: string[] };
    /** A file was uploaded. Its first table, if it has one, has so many rows and columns. */
    file: { name: string; sizeBytes: number; rows?: number; columns?: number };
    /** The number of answers that nobody has seen is another. */
    unread: { count: number };
    /** A message is about to go out. Change `text`, or return false to refuse it; the listeners that follow are then
     *  not asked. */
    beforesend: { text: string };
  }

  type EventName = keyof Events;
  type Listener<Name extends EventName> = (detail: Events[Name]) => unknown;

  /** Commands by name, with what they take. */
  interface Commands {
    open: [];
    close: [];
    toggle: [];
    /** Opens the chat and sends this as the visitor's message. */
    send: [text: string];
    /** Adds to the facts sent along; null forgets them. */
    setContext: [context: Context | null];
    identify: [identity: Identity | null];
    setTheme: [theme: Theme];
    /** A language tag, or `page`. The chat loads anew; the conversation stays. */
    setLocale: [locale: string];
    /** Forgets the visitor and the conversation, for when the user of the page signs out. */
    reset: [];
    /** Takes the widget off the page, and `Alcove` with the last one. */
    destroy: [];
  }

  type CommandName = keyof Commands;
  /** `open` is for the first tag of the page, `sales.open` for the one with `data-bot="sales"`. */
  type OfBot<Name extends string> = Name | `${string}.${Name}`;
  /** The command behind the name of a bot. */
  type Bare<Name extends string> = Name extends `${string}.${infer Rest}` ? Rest : Name;
  type Arguments<Name extends string> = Bare<Name> extends CommandName ? Commands[Bare<Name>] : never;
}

interface AlcoveFunction {
  <Name extends Alcove.EventName>(command: Alcove.OfBot<'on' | 'off'>, event: Name, listener: Alcove.Listener<Name>): void;
  <Name extends Alcove.OfBot<Alcove.CommandName>>(command: Name, ...args: Alcove.Arguments<Name>): void;
  /** Calls that wait for the script, where the page let them queue. */
  q?: ArrayLike<unknown>[];
}

/** What older hosts set before the tag. `botName` and `botColor` also dress the button; everything goes to the chat. */
interface ChatbotConfig {
  botName?: string;
  botColor?: string;
  botMsgBgColor?: string;
  botIcon?: string;
  poweredBy?: string;
  aiProvider?: string;
  customInstructions?: string;
  pageContext?: Record<string, unknown>;
  jsonData?: unknown;
  [more: string]: unknown;
}

/** Exists once the tag has run, or from the start where the page made a function that queues. */
declare var Alcove: AlcoveFunction;

interface Window {
  Alcove?: AlcoveFunction;
  ChatbotConfig?: ChatbotConfig;
}
