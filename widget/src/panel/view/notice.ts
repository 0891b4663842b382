// One line above the composer about the connection.
import type { Strings } from '../strings/index';
import type { Announcer } from './announcer';
import { make } from './elements';

export interface Notice {
  node: HTMLElement;
  connectionLost(isLost: boolean): void;
}

export function noticeLine(words: Strings, announcer: Announcer): Notice {
  const node = make('p', 'notice');
  const show = (text: string): void => {
    if (node.textContent === text) return;
    node.hidden = text === '';
    node.textContent = text;
    announcer.say(text);
  };
  const connectionLost = (isLost: boolean): void => show(navigator.onLine ? (isLost ? words.reconnecting : '') : words.offline);
  node.hidden = true;
  for (const name of ['online', 'offline']) addEventListener(name, () => connectionLost(false));
  connectionLost(false);
  return { node, connectionLost };
}
