// What the owner set (in the page), what the frame's address says about looks, and what an older host hands over.
import { parseColour } from '../colour';
import { pageTheme } from './page-theme';
import type { Strings } from './strings/index';

export interface LeadField {
  key: string;
  label: string | null;
  type: 'text' | 'email' | 'tel' | 'textarea';
  required: boolean;
}

/** What the owner wants to know of a visitor, and when the bot asks. */
export interface LeadForm {
  when: 'before' | 'after' | 'demand';
  required: boolean;
  title: string | null;
  /** At most one `[text](address)` within. */
  consent: string | null;
  fields: LeadField[];
}

/** What is loaded when it is first wanted. */
export type Script = 'extras' | 'files' | 'data';

/** What may be uploaded to a session. */
export interface FileLimits {
  maxBytes: number;
  maxFiles: number;
  /** Endings of names. */
  accept: string[];
}

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
  /** Addresses of what is loaded only when it is needed, and of the words it says. */
  scripts: Partial<Record<Script, string>>;
  words: string;
  leadForm: LeadForm | null;
  /** Null where the owner wants no files. */
  files: FileLimits | null;
  demo: boolean;
  allowedOrigins: string[];
  limits: { maxMessageChars: number };
  theme: 'light' | 'dark' | 'auto';
  /** What an older embed's address carries. */
  hostConfig: Record<string, unknown>;
  userIdentifier: string;
}

const MAX_NAME_CHARS = 80;

const DEFAULTS: PanelConfig = {
  bot: 'default',
  botName: 'Assistant',
  poweredBy: '',
  botColor: '#667eea',
  botMsgBgColor: '#667eea',
  botIcon: null,
  welcome: '',
  suggestions: [],
  locale: 'en',
  strings: {} as Strings,
  scripts: {},
  words: '',
  leadForm: null,
  files: null,
  demo: false,
  allowedOrigins: [],
  limits: { maxMessageChars: 8000 },
  theme: 'auto',
  hostConfig: {},
  userIdentifier: '',
};

/** The page's JSON comes from our own server, so its shape is taken as it is; the address may come from anybody. */
export function readConfig(json: string, fragment: string): PanelConfig {
  const owner = JSON.parse(json) as Partial<PanelConfig>;
  const config = withLook({ ...DEFAULTS, ...owner }, new URLSearchParams(fragment.replace(/^#/, '')));
  return withHostConfig(config, config.hostConfig);
}

function withLook(config: PanelConfig, look: URLSearchParams): PanelConfig {
  const suggestions = look.get('suggestions');
  return {
    ...config,
    botName: look.get('name')?.slice(0, MAX_NAME_CHARS) || config.botName,
    botColor: colour(look.get('color')) ?? config.botColor,
    botIcon: look.get('icon') || config.botIcon,
    welcome: look.get('greeting') || config.welcome,
    suggestions: suggestions ? suggestions.split('|').map((question) => question.trim()).filter(Boolean) : config.suggestions,
    theme: themeFrom(look.get('theme')),
  };
}

export function themeFrom(word: unknown): PanelConfig['theme'] {
  if (typeof word === 'string' && word.includes('(')) return pageTheme(word);
  return word === 'light' || word === 'dark' ? word : 'auto';
}

/** Looks a host page sets for this session; everything else it sends goes to the server as session config. */
export function withHostConfig(config: PanelConfig, host: Record<string, unknown>): PanelConfig {
  return {
    ...config,
    botName: text(host.botName).slice(0, MAX_NAME_CHARS) || config.botName,
    poweredBy: text(host.poweredBy).slice(0, MAX_NAME_CHARS) || config.poweredBy,
    botColor: colour(host.botColor) ?? config.botColor,
    botMsgBgColor: colour(host.botMsgBgColor) ?? config.botMsgBgColor,
    botIcon: text(host.botIcon) || config.botIcon,
  };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

function colour(value: unknown): string | null {
  return parseColour(value) ? (value as string) : null;
}
