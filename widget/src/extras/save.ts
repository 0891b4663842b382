// Hands a file to the visitor.
import { make } from '../panel/view/elements';

/** Safari reads the address only after the click has been handled. */
const KEPT_MS = 60_000;

/** Saves a blob under a name. */
export function saveFile(blob: Blob, name: string): void {
  const link = make('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT_MS);
}
