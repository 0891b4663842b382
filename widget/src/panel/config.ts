// What the owner set (in the page), what the frame's address says about looks, and what an older host hands over.
import { parseColour } from '../colour';
import { isRecord } from '../frame-messages';
import type { Strings } from './strings/index';

export interface PanelConfig {
  bot: string;
  botName: string;
  poweredBy: string;
  botColor: string;
  botMsgBgColor: string;
  botIcon: string | null;
  welcome: string;
  suggestions: string[];
  /** Language of the words below, chosen by the server. */
  locale: string;
  strings: Strings;
  demo: boolean;
  demoHint: string | null;
  allowedOrigins: string[];
  maxMessageChars: number;
  theme: 'light' | 'dark' | 'auto';
}

export function readConfig(json: string, fragment: string): PanelConfig {
  let owner: Record<string, unknown> = {};
  try {
    const parsed: unknown = JSON.parse(json);
    if (isRecord(parsed)) owner = parsed;
  } catch {
    // An empty page still gives a usable panel with the defaults below.
  }
  const look = new URLSearchParams(fragment.replace(/^#/, ''));
  return withLook(fromOwner(owner), look);
}

function fromOwner(owner: Record<string, unknown>): PanelConfig {
  const limits = isRecord(owner.limits) ? owner.limits : {};
  return {
    bot: text(owner.bot) || 'default',
    botName: text(owner.botName) || 'Assistant',
    poweredBy: text(owner.poweredBy),
    botColor: colour(owner.botColor) ?? '#667eea',
    botMsgBgColor: colour(owner.botMsgBgColor) ?? colour(owner.botColor) ?? '#667eea',
    botIcon: text(owner.botIcon) || null,
    welcome: text(owner.welcome),
    suggestions: texts(owner.suggestions),
    locale: text(owner.locale) || 'en',
    strings: (isRecord(owner.strings) ? owner.strings : {}) as Strings,
    demo: owner.demo === true,
    demoHint: text(owner.demoHint) || null,
    allowedOrigins: texts(owner.allowedOrigins),
    maxMessageChars: Number(limits.maxMessageChars) || 8000,
    theme: 'auto',
  };
}

function withLook(config: PanelConfig, look: URLSearchParams): PanelConfig {
  const theme = look.get('theme');
  return {
    ...config,
    botName: look.get('name')?.slice(0, 80) || config.botName,
    botColor: colour(look.get('color')) ?? config.botColor,
    theme: theme === 'light' || theme === 'dark' ? theme : 'auto',
  };
}

/** Looks a host page sets for this session; everything else it sends goes to the server as session config. */
export function withHostConfig(config: PanelConfig, host: Record<string, unknown>): PanelConfig {
  return {
    ...config,
    botName: text(host.botName).slice(0, 80) || config.botName,
    poweredBy: text(host.poweredBy).slice(0, 80) || config.poweredBy,
    botColor: colour(host.botColor) ?? config.botColor,
    botMsgBgColor: colour(host.botMsgBgColor) ?? config.botMsgBgColor,
    botIcon: text(host.botIcon) || config.botIcon,
  };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

function colour(value: unknown): string | null {
  return parseColour(value) ? (value as string) : null;
}
