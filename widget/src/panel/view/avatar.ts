// The bot's picture: the owner's icon, or a spark on the accent colour. A picture that fails is not asked for again.
import { icon, make } from './elements';

export function avatar(source: string | null): HTMLElement {
  const frame = make('span', 'avatar', icon('spark'));
  frame.setAttribute('aria-hidden', 'true');
  const address = source && pictureAddress(source);
  if (!address) return frame;
  const picture = make('img');
  picture.alt = '';
  picture.src = address;
  picture.addEventListener('load', () => frame.replaceChildren(picture), { once: true });
  return frame;
}

function pictureAddress(source: string): string | null {
  try {
    const url = new URL(source, location.href);
    return url.protocol === 'http:' || url.protocol === 'https:' || /^data:image\/(png|jpeg|webp|gif);/.test(source) ? url.href : null;
  } catch {
    return null;
  }
}
