// Files for the visitor: the rows from the server, which knows how to write them safely, and pictures made here.
import { saveFile } from '../extras/save';
import { make, textButton } from '../panel/view/elements';
import type { Stage } from './stage';
import { plain } from './values';

const MAX_NAME_CHARS = 60;

/** A name for a file, from words that may be anything. */
export function fileName(words: (string | undefined)[], ending: string): string {
  const name = plain(words.filter(Boolean).join(' ')).replace(/[^\p{L}\p{M}\p{N}]+/gu, '-').replace(/^-|-$/g, '');
  return `${[...name].slice(0, MAX_NAME_CHARS).join('').replace(/-$/, '') || 'data'}.${ending}`;
}

/** The rows of a step, as the server kept them. */
export async function fetchCsv(stage: Stage, replyId: string, stepId: string): Promise<Blob> {
  const pointer = stage.sessions.current;
  const query = new URLSearchParams({ sessionId: pointer?.sessionId ?? '' });
  const path = `/api/chat/replies/${encodeURIComponent(replyId)}/steps/${encodeURIComponent(stepId)}/csv?${query}`;
  const response = await fetch(path, { headers: { 'X-Visitor-Token': pointer?.visitorToken ?? '' }, cache: 'no-store', credentials: 'omit' });
  if (!response.ok) throw new Error(`status ${response.status}`);
  return response.blob();
}

/** A button that makes a file; what goes wrong is said beside it. */
export function saveButton(label: string, name: string, file: () => Promise<Blob>, stage: Stage): [HTMLElement, HTMLElement] {
  const button = textButton('text-button', label);
  const note = make('p', 'proof-note is-problem');
  note.hidden = true;
  button.addEventListener('click', () => {
    button.disabled = note.hidden = true;
    const failed = (): void => {
      note.textContent = stage.words['error.unknown'];
      note.hidden = false;
      stage.announcer.alarm(stage.words['error.unknown']);
    };
    const end = (): void => void (button.disabled = false);
    void file().then((blob) => saveFile(blob, name)).catch(failed).then(end);
  });
  return [button, note];
}
