// What the site owner wrote: the server's defaults, then the script tag's data attributes on top.
import { isRecord } from '../frame-messages';

type Chosen = Record<'bot' | 'name' | 'color' | 'position' | 'theme' | 'locale' | 'open' | 'zIndex', string>;

export interface Options extends Chosen {
  origin: string;
  /** `window.ChatbotConfig` of older hosts, handed to the panel as it is. */
  config: Record<string, unknown>;
}

const SOURCE = /\/(widget|static\/widget\/chatbot)\.js($|\?)/;

/** The tag that loads this script; needed at once, because `currentScript` is gone after the first task. */
export function ownTag(): HTMLScriptElement | undefined {
  const current = document.currentScript as HTMLScriptElement | null;
  return current?.src ? current : Array.from(document.scripts).filter((tag) => SOURCE.test(tag.src)).pop();
}

/** What a data attribute may say, and what counts when nobody says anything. */
const RULES: Record<string, [RegExp, string]> = {
  bot: [/^[\w-]{1,64}$/, ''],
  name: [/^.{1,80}$/, ''],
  color: [/^#([\da-f]{3}){1,2}$/i, '#667eea'],
  position: [/^(left|right)$/, 'right'],
  theme: [/^(light|dark|auto)$/, 'auto'],
  locale: [/^[a-z]{2,3}(-[\w-]{1,20})?$/i, ''],
  open: [/^(|true|false)$/, 'false'],
  zIndex: [/^\d{1,10}$/, '2147483000'],
};

export function readOptions(tag: HTMLScriptElement, defaults: unknown, config: unknown): Options {
  const chosen: Record<string, string> = {};
  const wrong: string[] = [];
  for (const [key, [rule, fallback]] of Object.entries(RULES)) {
    const own = tag.dataset[key];
    const preset = isRecord(defaults) && defaults[key];
    chosen[key] = typeof preset === 'string' && rule.test(preset) ? preset : fallback;
    if (own === undefined) continue;
    if (rule.test(own)) chosen[key] = own;
    else wrong.push(`${key}="${own}"`);
  }
  if (wrong[0]) console.warn(`Alcove ignores ${wrong.join(', ')}`);
  return { ...(chosen as unknown as Chosen), origin: new URL(tag.src).origin, config: isRecord(config) ? config : {} };
}
