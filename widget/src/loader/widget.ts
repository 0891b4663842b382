// One widget on the page: opens and closes the panel, relays the page's commands to it and its events to the page.
import { post, ready, frame, isReady, load, receive, warm } from './frame';
import { add, isTaken, remove, type Commands } from './alcove';
import { end, listen } from './events';
import { keep, recall } from './memory';
import { config, options } from './options';
import { currentTheme, readPage } from './page';
import { enter, followPhone, leave } from './phone';
import { bubble, build, button, draw, host, panel, place, root } from './view';
import type { Identity, PageContext, Settings } from '../frame-messages';

type Listener = [event: string, hear: (detail: unknown) => unknown];

let open = !!place;
let identity: Identity | null = null;
let context: PageContext | null = null;
let listeners: Listener[] = [];

/** Whether a listener refused; one that throws stops neither the others nor the widget. */
function emit(detail: unknown, name: string): boolean {
  return listeners.some(([wanted, hear]) => {
    try {
      return wanted === name && hear(detail) === false;
    } catch (error) {
      reportError(error);
    }
  });
}

/** All that the panel has to know, after every change. */
function tell(): void {
  if (!isReady) return;
  post('settings', {
    config,
    keep: recall(),
    identity,
    theme: currentTheme(),
    open,
    focus: !!root.activeElement,
    beforesend: listeners.some(([wanted]) => wanted === 'beforesend'),
  } satisfies Settings);
}

/** Only what the visitor does is remembered and moves the focus; a page that opens itself does neither. */
function setOpen(next: boolean, byVisitor = true): void {
  if (place || next === open) return;
  open = next;
  bubble.hidden = true;
  draw(open);
  if (byVisitor) keep(`${open}`, 'sessionStorage');
  if (open) {
    warm();
    enter();
    if (byVisitor) frame.focus();
  } else {
    leave();
    if (root.activeElement) button.focus();
  }
  tell();
  emit({}, open ? 'open' : 'close');
}

/** What the panel says. */
const HEARD: Commands = {
  hello: () => ready(tell),
  tell,
  close: () => setOpen(false),
  keep,
  unread(count: number) {
    if (!open) draw(open, count);
  },
  page: (_, id) => post('page', readPage(context), id),
  beforesend(text: string, id) {
    const detail = { text };
    post('beforesend', emit(detail, 'beforesend') ? null : detail.text, id);
  },
  expand(name: string) {
    panel.className = name;
  },
  event: emit,
};

/** What the page may ask for with `Alcove('name', …)`. */
const COMMANDS: Commands = {
  open: () => setOpen(true),
  close: () => setOpen(false),
  toggle: () => setOpen(!open),
  send(text: string) {
    setOpen(true);
    post('send', text);
  },
  setContext(extra: PageContext | null) {
    context = extra && { ...context, ...extra };
  },
  identify(visitor: Identity | null) {
    identity = visitor;
    tell();
  },
  setTheme(theme: string) {
    options.theme = theme;
    tell();
  },
  setLocale(locale: string) {
    options.locale = locale;
    if (frame.src) load();
  },
  reset() {
    keep('');
    keep('', 'sessionStorage');
    identity = context = null;
    warm();
    tell();
    post('reset');
  },
  on(...listener: Listener) {
    listeners = [...listeners, listener];
    tell();
  },
  off(...[name, hear]: Listener) {
    listeners = listeners.filter((known) => known[0] !== name || known[1] !== hear);
    tell();
  },
  destroy() {
    end.abort();
    leave();
    host.remove();
    remove(options.bot);
  },
};

export function start(): void {
  const { bot, teaser } = options;
  if (isTaken(bot)) return;
  const last = recall('sessionStorage');
  build(!!teaser && !last, () => {
    bubble.hidden = true;
    keep('false', 'sessionStorage');
  });
  draw(open);
  receive(HEARD);
  followPhone(COMMANDS.close as () => void);
  listen(window, 'storage', tell);
  button.onclick = COMMANDS.toggle as () => void;
  button.onpointerenter = button.onfocus = warm;
  // In braces: a handler of this kind that returns false would swallow every other key.
  host.onkeydown = ({ key }) => {
    if (key === 'Escape') setOpen(false);
  };
  (place || document.documentElement).append(host);
  if (place) warm();
  add(bot, COMMANDS);
  if ((last ?? options.open) !== 'false') setOpen(true, false);
}
