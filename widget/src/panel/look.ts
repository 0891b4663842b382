// Light or dark, and colours that stay readable whatever the owner picked.
import { inkOn, mix, parseColour, readableOn, toHex, type Rgb } from '../colour';
import type { PanelConfig } from './config';

const SURFACES: Record<'light' | 'dark', Rgb> = { light: [255, 255, 255], dark: [23, 25, 30] };

/** Keeps the page's colours in step with the configuration and the system's choice. */
export function lookKeeper(): (config: PanelConfig) => void {
  const prefersDark = matchMedia('(prefers-color-scheme: dark)');
  let current: PanelConfig | null = null;
  const apply = (): void => {
    if (!current) return;
    const theme = current.theme === 'auto' ? (prefersDark.matches ? 'dark' : 'light') : current.theme;
    document.documentElement.dataset.theme = theme;
    for (const [name, value] of Object.entries(coloursFor(current, SURFACES[theme]))) {
      document.documentElement.style.setProperty(name, value);
    }
  };
  prefersDark.addEventListener('change', apply);
  return (config) => {
    current = config;
    apply();
  };
}

export function coloursFor(config: Pick<PanelConfig, 'botColor' | 'botMsgBgColor'>, surface: Rgb): Record<string, string> {
  const accent = parseColour(config.botColor) ?? [102, 126, 234];
  const tint = parseColour(config.botMsgBgColor) ?? accent;
  const bubble = mix(surface, tint, 0.12);
  return {
    '--accent': toHex(accent),
    '--on-accent': inkOn(accent),
    // More than AA's 4.5 and 3, so that they hold on what is raised, hovered or focused as well.
    '--accent-text': toHex(readableOn(bubble, accent, 5.5)),
    '--accent-line': toHex(readableOn(bubble, accent, 3.5)),
    '--bubble': toHex(bubble),
  };
}
