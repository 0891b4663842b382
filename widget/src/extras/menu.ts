// A menu under its button, used with keys the way menus of a desktop are.
import { make } from '../panel/view/elements';
import { icon, type ICONS } from './icons';

export interface MenuItem {
  label: string;
  icon: keyof typeof ICONS;
  run(): void;
  isDangerous?: boolean;
}

interface OpenMenu {
  anchor: HTMLElement;
  close(focus: boolean): void;
}

const GAP_PX = 4;
const EDGE_PX = 8;
/** Letters typed within this time belong to one word. */
const TYPING_MS = 600;

let current: OpenMenu | null = null;

/** Opens a menu under a button, or closes it when it is open. */
export function openMenu(anchor: HTMLElement, items: MenuItem[]): void {
  const wasOpen = current?.anchor === anchor;
  current?.close(wasOpen);
  if (wasOpen) return;
  const menu = menuFor(anchor);
  const listening = new AbortController();
  const opened: OpenMenu = {
    anchor,
    close(focus) {
      if (current !== opened) return;
      current = null;
      listening.abort();
      anchor.setAttribute('aria-expanded', 'false');
      if (focus) anchor.focus({ preventScroll: true });
      menu.remove();
    },
  };
  current = opened;
  const buttons = items.map((item) => itemButton(item, opened));
  menu.append(...buttons);
  anchor.after(menu);
  place(menu, anchor);
  listen(menu, buttons, opened, listening.signal);
  buttons[0]?.focus({ preventScroll: true });
}

function menuFor(anchor: HTMLElement): HTMLElement {
  const menu = make('div', 'extra-menu');
  menu.tabIndex = -1;
  menu.setAttribute('role', 'menu');
  menu.setAttribute('aria-label', anchor.getAttribute('aria-label') ?? anchor.textContent ?? '');
  anchor.setAttribute('aria-haspopup', 'menu');
  anchor.setAttribute('aria-expanded', 'true');
  return menu;
}

function itemButton(item: MenuItem, menu: OpenMenu): HTMLButtonElement {
  const made = make('button', item.isDangerous ? 'extra-item is-danger' : 'extra-item', icon(item.icon), make('span', '', item.label));
  made.type = 'button';
  made.tabIndex = -1;
  made.setAttribute('role', 'menuitem');
  made.addEventListener('click', () => {
    menu.close(true);
    item.run();
  });
  return made;
}

function listen(menu: HTMLElement, buttons: HTMLElement[], opened: OpenMenu, signal: AbortSignal): void {
  const { anchor } = opened;
  const isOutside = (target: EventTarget | null): boolean => target instanceof Node && !menu.contains(target) && !anchor.contains(target);
  const keys = keyHandler(buttons, opened);
  menu.addEventListener('keydown', keys, { signal });
  // Where nothing takes the focus next, a press or the window's own blur tells; Safari gives none to pressed buttons.
  menu.addEventListener('focusout', ({ relatedTarget }) => isOutside(relatedTarget) && opened.close(false), { signal });
  document.addEventListener('pointerdown', ({ target }) => isOutside(target) && opened.close(true), { signal, capture: true });
  addEventListener('blur', () => opened.close(false), { signal });
  // Not closed: on a phone the keyboard leaves because the menu took the focus, and that resizes the frame.
  addEventListener('resize', () => place(menu, anchor), { signal });
}

function keyHandler(buttons: HTMLElement[], opened: OpenMenu): (event: KeyboardEvent) => void {
  const find = typeAhead(buttons);
  return (event) => {
    const at = buttons.indexOf(document.activeElement as HTMLElement);
    const { key } = event;
    if (key === 'Tab') return opened.close(true);
    let next: HTMLElement | undefined;
    if (key === 'ArrowDown') next = buttons[(at + 1) % buttons.length];
    else if (key === 'ArrowUp') next = buttons.at(Math.max(at, 0) - 1);
    else if (key === 'Home') next = buttons[0];
    else if (key === 'End') next = buttons.at(-1);
    else if (key !== 'Escape') next = find(event, at);
    if (!next && key !== 'Escape') return;
    event.preventDefault();
    // Further up, Escape would close the chat.
    event.stopPropagation();
    if (next) next.focus();
    else opened.close(true);
  };
}

/** One letter again and again goes through what begins with it; several letters are the beginning of a name. */
function typeAhead(buttons: HTMLElement[]): (event: KeyboardEvent, at: number) => HTMLElement | undefined {
  let typed = '';
  let last = 0;
  return ({ key, ctrlKey, metaKey, altKey, timeStamp }, at) => {
    if ([...key].length !== 1 || key === ' ' || ctrlKey || metaKey || altKey) return undefined;
    typed = (timeStamp - last < TYPING_MS ? typed : '') + key.toLocaleLowerCase();
    last = timeStamp;
    const isRepeated = typed === key.repeat(typed.length).toLocaleLowerCase();
    const wanted = isRepeated ? key.toLocaleLowerCase() : typed;
    const from = isRepeated ? at + 1 : Math.max(at, 0);
    return [...buttons.slice(from), ...buttons].find(({ textContent }) => textContent?.toLocaleLowerCase().startsWith(wanted));
  };
}

/** Beneath the button, at its inner edge, never out of the frame. */
function place(menu: HTMLElement, anchor: HTMLElement): void {
  const button = anchor.getBoundingClientRect();
  const width = menu.offsetWidth;
  const isRightToLeft = getComputedStyle(anchor).direction === 'rtl';
  const left = isRightToLeft ? button.left : button.right - width;
  const top = button.bottom + GAP_PX;
  menu.style.setProperty('left', `${Math.max(EDGE_PX, Math.min(left, innerWidth - width - EDGE_PX))}px`);
  menu.style.setProperty('top', `${top}px`);
  menu.style.setProperty('max-height', `${innerHeight - EDGE_PX - top}px`);
}
