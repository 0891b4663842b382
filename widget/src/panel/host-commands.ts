// What the page around the chat may make it do.
import type { Identity } from '../frame-messages';
import type { Chat } from './chat';
import { themeFrom, withHostConfig, type PanelConfig } from './config';
import type { HostHandlers } from './host';
import type { Panel } from './view/panel';

export class HostCommands implements HostHandlers {
  constructor(
    private config: PanelConfig,
    private readonly panel: Panel,
    private readonly chat: Chat,
  ) {}

  settings(config: Record<string, unknown>): void {
    Object.assign(this.chat.sessions.config, config);
    this.#show(withHostConfig(this.config, config));
  }

  theme(theme: string): void {
    this.#show({ ...this.config, theme: themeFrom(theme) });
  }

  recalled(kept: unknown): void {
    const { memory } = this.chat.sessions;
    const isFirst = memory.read().version === 0;
    const isNews = memory.adopt(kept);
    if (isFirst) this.panel.putDraft(memory.read().draft);
    if (isNews) this.chat.follow();
  }

  visible(isVisible: boolean, focus: boolean): void {
    this.panel.setVisible(isVisible, focus);
  }

  send(text: string): void {
    this.panel.send(text);
  }

  clear(): void {
    this.chat.startAnew();
  }

  identify(identity: Identity): void {
    this.chat.sessions.identify(identity);
  }

  reset(): void {
    this.chat.reset();
  }

  #show(config: PanelConfig): void {
    this.config = config;
    this.panel.configure(config);
  }
}
