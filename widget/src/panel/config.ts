// What the owner set (in the page), what the frame's address says about looks, and what an older host hands over.
import { parseColour } from '../colour';
import { isRecord } from '../frame-messages';
import { pageTheme } from './page-theme';
import type { Strings } from './strings/index';

export interface LeadField {
  key: string;
  label: string;
  type: 'text' | 'email' | 'tel' | 'textarea';
  required: boolean;
}

/** What the owner wants to know of a visitor, and when the bot asks. */
export interface LeadForm {
  when: 'before' | 'after' | 'demand';
  required: boolean;
  title: string;
  /** At most one `[text](address)` within. */
  consent: string;
  fields: LeadField[];
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
  /** Address of what is loaded only when it is needed. */
  extras: string;
  leadForm: LeadForm | null;
  demo: boolean;
  demoHint: string | null;
  allowedOrigins: string[];
  maxMessageChars: number;
  theme: 'light' | 'dark' | 'auto';
  /** What an older embed's address carries. */
  hostConfig: Record<string, unknown>;
  userIdentifier: string;
}

const MAX_NAME_CHARS = 80;

export function readConfig(json: string, fragment: string): PanelConfig {
  let owner: Record<string, unknown> = {};
  try {
    const parsed: unknown = JSON.parse(json);
    if (isRecord(parsed)) owner = parsed;
  } catch {
    // An empty page still gives a usable panel with the defaults below.
  }
  const look = new URLSearchParams(fragment.replace(/^#/, ''));
  const config = fromOwner(owner);
  return withHostConfig(withLook(config, look), config.hostConfig);
}

function fromOwner(owner: Record<string, unknown>): PanelConfig {
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
    strings: record(owner.strings) as Strings,
    extras: text(owner.extras) || '/static/widget/extras.js',
    leadForm: isRecord(owner.leadForm) ? leadForm(owner.leadForm) : null,
    demo: owner.demo === true,
    demoHint: text(owner.demoHint) || null,
    allowedOrigins: texts(owner.allowedOrigins),
    maxMessageChars: Number(record(owner.limits).maxMessageChars) || 8000,
    theme: 'auto',
    hostConfig: record(owner.hostConfig),
    userIdentifier: text(owner.userIdentifier),
  };
}

function leadForm(form: Record<string, unknown>): LeadForm {
  const fields = Array.isArray(form.fields) ? form.fields.filter(isRecord) : [];
  return {
    when: form.when === 'after' || form.when === 'demand' ? form.when : 'before',
    required: form.required === true,
    title: text(form.title),
    consent: text(form.consent),
    fields: fields.map(({ key, label, type, required }) => ({ key: text(key), label: text(label), type: text(type) as LeadField['type'], required: required === true })),
  };
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

function record(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}

function colour(value: unknown): string | null {
  return parseColour(value) ? (value as string) : null;
}
