// All hostile replies, with the addresses of a server that must never hear from anybody.
import { blocks } from './blocks.mjs';
import { characters } from './characters.mjs';
import { entities } from './entities.mjs';
import { exfiltration } from './exfiltration.mjs';
import { links } from './links.mjs';
import { markup } from './markup.mjs';
import { nesting } from './nesting.mjs';
import { schemes } from './schemes.mjs';
import { spoofing } from './spoofing.mjs';

export const CORPUS = Object.entries({ schemes, links, markup, entities, nesting, exfiltration, characters, spoofing, blocks }).flatMap(([kind, payloads]) =>
  payloads.map((payload) => ({ ...payload, kind })),
);

/** `{canary}` and `{host}` become the address of the server that listens for contacts. */
export function aim(text, canary) {
  return text.replaceAll('{canary}', canary).replaceAll('{host}', canary.slice('http://'.length));
}
