// The calm line at the top: who one talks to, and two ways out.
import type { PanelConfig } from '../config';
import type { Strings } from '../strings/index';
import { avatar } from './avatar';
import { button, icon, make } from './elements';

export interface HeaderActions {
  anew(): void;
  close(): void;
}

export interface HeaderView {
  node: HTMLElement;
  update(config: PanelConfig, canStartAnew: boolean): void;
}

export function headerView(words: Strings, actions: HeaderActions, canClose: boolean): HeaderView {
  const name = make('h1');
  const picture = make('span', 'header-avatar');
  const anew = button('icon-button', words.newConversation, icon('anew'));
  const close = button('icon-button', words.close, icon('close'));
  anew.addEventListener('click', actions.anew);
  close.addEventListener('click', actions.close);
  close.hidden = !canClose;
  let shownIcon: string | null | undefined;
  return {
    node: make('header', 'header', picture, name, anew, close),
    update(config, canStartAnew) {
      name.textContent = config.botName;
      anew.hidden = !canStartAnew;
      if (config.botIcon === shownIcon) return;
      shownIcon = config.botIcon;
      picture.replaceChildren(avatar(config.botIcon));
    },
  };
}
