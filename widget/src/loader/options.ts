// What the site owner wrote: the server's defaults, then the script tag's data attributes on top.

type Key =
  | 'bot' | 'name' | 'color' | 'icon' | 'position' | 'theme' | 'locale' | 'open' | 'greeting' | 'suggestions'
  | 'zIndex' | 'target' | 'label' | 'size' | 'offset' | 'teaser';

/** The tag that loads this script; needed at once, because `currentScript` is gone after the first task. */
const tag = document.currentScript as HTMLScriptElement;

export const { origin } = new URL(tag.src);

/** `window.ChatbotConfig` of older hosts, handed to the panel as it is. */
export const config = JSON.parse(JSON.stringify(window.ChatbotConfig ?? {})) as Record<string, unknown>;

/** What a data attribute may say from its first to its last letter, and what counts when nobody says anything. In the order
 *  that compresses best. */
const RULES: Record<Key, [RegExp, string]> = {
  name: [/.*/, ''],
  open: [/true|false|/, 'false'],
  bot: [/[\w-]*/, ''],
  target: [/([#.]?[a-z][\w-]*)?/i, ''],
  greeting: [/.*/, ''],
  teaser: [/.*/, ''],
  color: [/#([\da-f]{3}){1,2}/i, '#667eea'],
  icon: [/.*/, ''],
  theme: [/light|dark|auto|host/, 'auto'],
  locale: [/[\w-]*/, ''],
  label: [/.*/, ''],
  position: [/left|right/, 'right'],
  zIndex: [/\d+/, '2147483000'],
  offset: [/\d+( \d+)?/, '20'],
  size: [/[4-7]\d|80/, '56'],
  suggestions: [/.*/, ''],
};

// The server replaces this text by the owner's settings, so that the button looks right without a request.
const defaults = "__ALCOVE_DEFAULTS__" as unknown as Record<string, string>;
const older: Record<string, unknown> = { name: config.botName, color: config.botColor };
const wrong: string[] = [];

export const options = {} as Record<Key, string>;
for (const [key, [rule, fallback]] of Object.entries(RULES)) {
  options[key as Key] = [older[key], tag.dataset[key], defaults[key], fallback].find((said) => {
    if (said == null || rule.exec(said as string)?.[0] === said) return said != null;
    wrong.push(`${key}="${said}"`);
  }) as string;
}
if (wrong[0]) console.warn(`Alcove ignores ${wrong}`);
