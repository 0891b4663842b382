// Questions to click, at the beginning and after a reply.
import { make, textButton } from './elements';

const MAX_SUGGESTIONS = 6;

export function suggestionList(suggestions: string[], label: string, ask: (text: string) => void): HTMLElement {
  const list = make('ul', 'suggestions');
  list.setAttribute('aria-label', label);
  for (const suggestion of suggestions.slice(0, MAX_SUGGESTIONS)) {
    const chip = textButton('chip', suggestion);
    chip.dir = 'auto';
    chip.addEventListener('click', () => ask(suggestion));
    list.append(make('li', '', chip));
  }
  return list;
}
