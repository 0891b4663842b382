// Reads replies out, sentence by sentence and each once, in a region of its own: the conversation itself stays silent,
// or screen readers would begin anew with every piece.
import { INVISIBLE } from '../markdown/clean';
import { make } from './elements';

const KEPT = 20;
const SENTENCE_END = /[.!?。！？…:;]["'”’)\]]*\s|\n/g;
const LONGEST = 400;

export interface Announcer {
  node: HTMLElement;
  say(text: string): void;
  alarm(text: string): void;
  /** Takes streamed markdown; says what is complete. */
  read(piece: string): void;
  end(): void;
}

export function announcer(): Announcer {
  const polite = make('div');
  const urgent = make('div');
  polite.setAttribute('aria-live', 'polite');
  urgent.setAttribute('role', 'alert');
  let rest = '';
  let isInCode = false;

  const say = (text: string): void => {
    if (!text) return;
    polite.append(make('p', '', text.replace(INVISIBLE, '')));
    if (polite.childElementCount > KEPT) polite.firstElementChild?.remove();
  };
  const sayMarkdown = (text: string): void => {
    const isFence = /^\s*(```|~~~)/.test(text);
    if (isFence) isInCode = !isInCode;
    if (!isFence && !isInCode) say(plainText(text));
  };
  const read = (piece: string): void => {
    rest += piece;
    let from = 0;
    for (const match of rest.matchAll(SENTENCE_END)) {
      sayMarkdown(rest.slice(from, match.index + match[0].length));
      from = match.index + match[0].length;
    }
    rest = rest.slice(from);
    if (rest.length > LONGEST) end();
  };
  const end = (): void => {
    if (rest) sayMarkdown(rest);
    rest = '';
  };
  return {
    node: make('div', 'sr-only', polite, urgent),
    say,
    alarm: (text) => urgent.replaceChildren(text),
    read,
    end() {
      end();
      isInCode = false;
    },
  };
}

function plainText(markdown: string): string {
  return markdown
    .replace(/\]\([^)\s]{0,2000}\)/g, '')
    .replace(/^\s*(?:#{1,6}\s|>|[-*+]\s)/, '')
    .replace(/^[\s|:-]+$/, '')
    .replace(/[*_`~[\]|]+/g, ' ')
    // A full stop on its own is read out as "dot".
    .replace(/\s+(?=[\s.,:;!?)]|$)/g, '')
    .trim();
}
