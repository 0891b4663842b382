// What can be said against a file before it is sent.
import type { FileLimits } from '../panel/config';

export function complaintAbout(file: Pick<File, 'name' | 'size'>, limits: FileLimits, others: number): string {
  if (!isAccepted(file.name, limits.accept)) return 'file_kind';
  if (file.size > limits.maxBytes) return 'file_too_large';
  return others >= limits.maxFiles ? 'too_many_files' : '';
}

/** By the ending of the name; the server looks inside. */
function isAccepted(name: string, accept: string): boolean {
  const endings = endingsOf(accept);
  return !endings.length || endings.some((ending) => name.toLowerCase().endsWith(ending));
}

function endingsOf(accept: string): string[] {
  return String(accept).split(',').map((part) => part.trim().toLowerCase()).filter((part) => part.startsWith('.'));
}

/** The kinds of files there may be, for people: `CSV, JSON`. */
export function kindsOf(accept: string): string {
  return endingsOf(accept).map((ending) => ending.slice(1).toUpperCase()).join(', ');
}
