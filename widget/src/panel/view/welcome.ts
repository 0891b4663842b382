// What an empty conversation shows: a greeting and a few ways to begin.
import type { PanelConfig } from '../config';
import type { Strings } from '../strings/index';
import { avatar } from './avatar';
import { make } from './elements';
import { suggestionList } from './suggestions';

export interface WelcomeView {
  node: HTMLElement;
  update(config: PanelConfig, isEmpty: boolean): void;
}

export function welcomeView(words: Strings, ask: (text: string) => void): WelcomeView {
  const node = make('section', 'welcome');
  let shown: PanelConfig | null = null;
  return {
    node,
    update(config, isEmpty) {
      node.classList.toggle('is-alone', isEmpty);
      if (config !== shown) node.replaceChildren(...content(config, words, ask));
      shown = config;
    },
  };
}

function content(config: PanelConfig, words: Strings, ask: (text: string) => void): Node[] {
  const greeting = make('p', 'greeting', config.welcome || words.welcome);
  greeting.dir = 'auto';
  const nodes: Node[] = [make('div', 'bot', avatar(config.botIcon), make('div', 'bot-body', greeting))];
  if (config.demo) nodes.unshift(make('p', 'demo', words.demo));
  if (config.suggestions.length) nodes.push(suggestionList(config.suggestions, words.suggestions, ask));
  return nodes;
}
