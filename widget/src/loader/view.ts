// The loader's elements: one host element with a shadow root that holds the button and, later, the panel's frame.
import { inkOn, toRgb } from '../colour';
import STYLES from './loader.css';
import type { Options } from './options';

const CHAT = 'M6 4h12q2 0 2 2v8q0 2-2 2h-6l-4 4v-4H6q-2 0-2-2V6q0-2 2-2z';
const SHUT = 'M6 6l12 12M18 6L6 18';

export interface View {
  host: HTMLElement;
  root: ShadowRoot;
  button: HTMLButtonElement;
  panel: HTMLElement;
  update(isOpen: boolean, hasUnread?: boolean): void;
}

export function buildView(options: Options): View {
  const host = document.createElement('alcove-widget');
  const root = host.attachShadow({ mode: 'open' });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLES);
  root.adoptedStyleSheets = [sheet];
  const region = append(root, document.createElement('section'), { 'aria-label': 'Chat' });
  region.style.setProperty('--accent', options.color);
  region.style.setProperty('--ink', inkOn(toRgb(options.color)));
  region.style.setProperty('--z', options.zIndex);
  // Only for the colour under the frame while it loads; the panel itself follows the system's choice live.
  region.style.colorScheme = options.theme === 'auto' ? 'light dark' : options.theme;
  const side = options.position;
  const panel = append(region, document.createElement('div'), { role: 'dialog', 'aria-label': title(options) });
  const button = append(region, document.createElement('button'), { 'aria-haspopup': 'dialog' });
  const path = icon(button);
  const dot = append(button, document.createElement('span'), {});
  const update = (isOpen: boolean, hasUnread = false): void => {
    const open = isOpen ? ' open' : '';
    panel.className = `panel ${side}${open}`;
    button.className = `button ${side}${open}`;
    dot.className = hasUnread ? 'dot' : '';
    set(path, { d: isOpen ? SHUT : CHAT });
    const label = isOpen ? 'Close chat' : title(options) + (hasUnread ? ' (new reply)' : '');
    set(button, { 'aria-expanded': String(isOpen), 'aria-label': label });
  };
  return { host, root, button, panel, update };
}

export function title(options: Options): string {
  return options.name ? `Chat with ${options.name}` : 'Open chat';
}

function icon(button: Element): Element {
  const namespace = 'http://www.w3.org/2000/svg';
  const svg = append(button, document.createElementNS(namespace, 'svg'), { viewBox: '0 0 24 24', 'aria-hidden': 'true' });
  return append(svg, document.createElementNS(namespace, 'path'), {});
}

function append<Kind extends Element>(parent: Node, element: Kind, attributes: Record<string, string>): Kind {
  set(element, attributes);
  parent.appendChild(element);
  return element;
}

function set(element: Element, attributes: Record<string, string>): void {
  for (const name in attributes) element.setAttribute(name, attributes[name] as string);
}
