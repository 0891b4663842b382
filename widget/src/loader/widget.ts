// One widget on the page: opens and closes the panel, relays commands to it and its events to the page.
import type { HostEvent } from '../frame-messages';
import { createFrame } from './frame';
import { followVisibleArea } from './keyboard';
import { keep, recall } from './memory';
import type { Options } from './options';
import { readPage } from './page';
import { buildView } from './view';

type Listener = (detail: unknown) => void;
export type Commands = Record<string, (...args: unknown[]) => void>;

/** Puts the button on the page and returns what `Alcove('name', …)` can do. A little longer than a function should
 *  be: names in one closure shrink to a letter each, and every visitor of every page pays for the loader's bytes. */
export function startWidget(options: Options): Commands {
  const end = new AbortController();
  const view = buildView(options);
  const { button, panel, host, root } = view;
  const frame = createFrame(options, panel, receive, end.signal);
  const context = {};
  let listeners: unknown[][] = [];
  let isOpen = false;

  /** In tasks of their own, so that a page's faulty listener stops neither the others nor the widget. */
  function emit(name: HostEvent, detail: unknown = {}): void {
    for (const [wanted, listener] of listeners) if (wanted === name) setTimeout(listener as Listener, 0, detail);
  }

  /** Only what the visitor does is remembered and moves the focus; a page that opens itself does neither. */
  function setOpen(next: boolean, byVisitor = true): void {
    if (next === isOpen) return;
    isOpen = next;
    view.update(isOpen);
    if (byVisitor) keep('sessionStorage', options.bot, isOpen ? '1' : '');
    if (isOpen) frame.warm();
    if (isOpen && byVisitor) frame.focus();
    if (!isOpen && root.activeElement) button.focus();
    frame.post({ type: isOpen ? 'open' : 'close', focus: byVisitor });
    emit(isOpen ? 'open' : 'close');
  }

  function receive({ type, id, name, detail, kept }: Record<string, unknown>): void {
    if (type === 'hello') {
      frame.ready({ type: 'settings', config: options.config, kept: recall('localStorage', options.bot) });
    }
    if (type === 'keep') keep('localStorage', options.bot, kept as string);
    if (type === 'close') setOpen(false);
    if (type === 'unread') view.update(isOpen, !isOpen);
    if (type === 'page') frame.post({ type, id: id as number, page: readPage(context) });
    if (type === 'event') emit(name as HostEvent, detail);
  }

  button.onclick = () => setOpen(!isOpen);
  button.onpointerenter = button.onfocus = frame.warm;
  // In braces: a handler of this kind that returns false would swallow every other key.
  host.onkeydown = ({ key }) => {
    if (key === 'Escape') setOpen(false);
  };
  view.update(isOpen);
  document.body.append(host);
  followVisibleArea(panel, end.signal);
  if (/^(true)?$/.test(options.open) || recall('sessionStorage', options.bot)) setOpen(true, false);

  return {
    open: () => setOpen(true),
    close: () => setOpen(false),
    toggle: () => setOpen(!isOpen),
    send(text) {
      setOpen(true);
      frame.post({ type: 'send', text: String(text) });
    },
    setContext: (extra) => void Object.assign(context, extra),
    on: (...listener) => void listeners.push(listener),
    off: (...listener) => void (listeners = listeners.filter((known) => known.some((part, at) => part !== listener[at]))),
    destroy() {
      end.abort();
      host.remove();
      delete window.Alcove;
    },
  };
}
