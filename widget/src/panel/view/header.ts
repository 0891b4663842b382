// The calm line at the top: who one talks to, and three ways on.
import type { PanelConfig } from '../config';
import type { Strings } from '../strings/index';
import { avatar } from './avatar';
import { button, icon, make } from './elements';

export interface HeaderActions {
  anew(): void;
  menu(anchor: HTMLElement): void;
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
  const menu = button('icon-button', words.menu, icon('more'));
  const close = button('icon-button', words.close, icon('close'));
  menu.setAttribute('aria-haspopup', 'menu');
  anew.addEventListener('click', actions.anew);
  menu.addEventListener('click', () => actions.menu(menu));
  close.addEventListener('click', actions.close);
  close.hidden = !canClose;
  let shownIcon: string | null | undefined;
  return {
    node: make('header', 'header', picture, name, anew, menu, close),
    update(config, canStartAnew) {
      name.textContent = config.botName;
      anew.hidden = !canStartAnew;
      if (config.botIcon === shownIcon) return;
      shownIcon = config.botIcon;
      picture.replaceChildren(avatar(config.botIcon));
    },
  };
}
