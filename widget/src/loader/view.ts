// The loader's elements: one host element with a shadow root that holds the button and, later, the panel's frame.
import STYLES from './loader.css';
import { options } from './options';

const { name, color, zIndex, position, size, offset, label, target, teaser } = options;

/** The element the chat stands in, if the owner named one that exists. */
export const place = target && document.querySelector(target);
export const title = `Chat${name && `: ${name}`}`;

export const host = make('alcove-widget', { role: 'region', 'aria-label': title });
export const root = host.attachShadow({ mode: 'open' });
export const panel = make(place ? 'div' : 'section', { role: 'dialog', 'aria-label': title });
export const button = make('button', {});
const done = make('input', { type: 'button', value: '×', 'aria-label': 'OK' });
/** The teaser, until it is dismissed or the chat opened. */
export const bubble = make('span', {}, teaser, done);
const badge = make('b', { class: 'dot' });

/** What the owner chose; the rules of the options leave nothing in it that could end a declaration. */
export function build(isTeased: boolean, dismiss: () => void): void {
  const [x, y = x] = offset.split(' ');
  const corner = `position:fixed!important;z-index:${zIndex}!important;bottom:calc(var(--alcove-offset-y,${y}px) + env(safe-area-inset-bottom))!important;${position}:calc(var(--alcove-offset-x,${x}px) + env(safe-area-inset-${position}))`;
  const width = `var(--alcove-size,${size}px)`;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`:host{all:initial!important;display:block!important;color-scheme:light dark!important;${place ? 'height:100%' : corner}!important}button{height:${width};min-width:${width};background:${color};color:${inkOn(color)}}section,span{${position}:0}${STYLES}`);
  root.adoptedStyleSheets = [sheet];
  root.append(...(place ? [panel] : [button, panel, isTeased ? bubble : '']));
  done.onclick = dismiss;
}

export function draw(isOpen: boolean, unread = 0): void {
  set(button, { 'aria-expanded': isOpen, 'aria-label': (label || title) + (unread ? ` (${unread})` : '') });
  badge.textContent = `${unread}`;
  // Never `remove()`: old Prototype.js replaces it by one that throws on what stands nowhere.
  button.replaceChildren(label, unread ? badge : '');
}

export function make(name: string, attributes: Record<string, unknown>, ...children: (Node | string)[]): HTMLElement {
  const element = document.createElement(name);
  set(element, attributes);
  element.append(...children);
  return element;
}

function set(element: Element, attributes: Record<string, unknown>): void {
  for (const name in attributes) element.setAttribute(name, attributes[name] as string);
}

/** White, or near-black where white would have less than 3:1. The first digits of red and green are enough to know. */
function inkOn(colour: string): string {
  const digit = (at: number) => parseInt(colour[at] as string, 16);
  return 3 * digit(1) ** 2 + 10 * digit(colour[4] ? 3 : 2) ** 2 < 700 ? '#fff' : '#000';
}
