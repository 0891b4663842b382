// Small makers of elements and icons, shared by all views.

type Children = (Node | string)[];

export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  className = '',
  ...children: Children
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children);
  return element;
}

/** A button whose name is written on it. */
export function textButton(className: string, ...children: Children): HTMLButtonElement {
  const element = make('button', className, ...children);
  element.type = 'button';
  return element;
}

/** A button that shows only an icon. */
export function button(className: string, label: string, ...children: Children): HTMLButtonElement {
  const element = textButton(className, ...children);
  element.setAttribute('aria-label', label);
  element.title = label;
  return element;
}

export const ICONS = {
  close: 'M6 6l12 12M18 6L6 18',
  anew: 'M12 4H7a3 3 0 0 0-3 3v10a3 3 0 0 0 3 3h10a3 3 0 0 0 3-3v-5M18.4 3.600a1.7 1.7 0 0 1 2.4 2.400L13 13.800l-3.2.8.8-3.200z',
  send: 'M12 19V5M5.5 11.500L12 5l6.5 6.5',
  stop: 'M8 8h8v8H8z',
  copy: 'M9 9h9a2 2 0 0 1 2 2v7a2 2 0 0 1-2 2h-7a2 2 0 0 1-2-2zM5 15a2 2 0 0 1-1-1.700V6a2 2 0 0 1 2-2h7.300A2 2 0 0 1 15 5',
  check: 'M5 12.500l4.5 4.500L19 7.5',
  clip: 'M19 11l-7.800 7.800a4.600 4.600 0 0 1-6.5-6.500L12.500 4.500a3 3 0 0 1 4.300 4.300l-7.800 7.800a1.400 1.400 0 0 1-2-2l7-7',
  retry: 'M4.5 12a7.5 7.5 0 1 0 2.4-5.500L4 9M4 4v5h5',
  down: 'M12 5v14M5.5 12.500L12 19l6.5-6.5',
  alert: 'M12 8v5M12 16.500v.1M12 3.500a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17z',
  more: 'M4.5 12a1 1 0 1 0 2 0 1 1 0 1 0-2 0M11 12a1 1 0 1 0 2 0 1 1 0 1 0-2 0M17.5 12a1 1 0 1 0 2 0 1 1 0 1 0-2 0',
  edit: 'M4.5 19.500l1-4L16 5a2.100 2.100 0 0 1 3 3L8.500 18.500z',
  thumb: 'M7 11v9H4v-9zM7 11l4-7a2 2 0 0 1 2 2.300L12.500 9.500H18a2 2 0 0 1 2 2.400l-1.300 6.500a2 2 0 0 1-2 1.600H7',
  spark: 'M12 4l1.9 5.100L19 11l-5.1 1.900L12 18l-1.9-5.100L5 11l5.1-1.900z',
};

export const icon = (name: keyof typeof ICONS): SVGSVGElement => drawing(ICONS[name]);

/** A line drawing on a field of 24 × 24. */
export function drawing(line: string): SVGSVGElement {
  const namespace = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(namespace, 'svg');
  const path = document.createElementNS(namespace, 'path');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  path.setAttribute('d', line);
  svg.append(path);
  return svg;
}
