// What can be said against a file before it is sent.
import type { FileLimits } from '../panel/config';

export function complaintAbout({ name, size }: Pick<File, 'name' | 'size'>, { accept, maxBytes, maxFiles }: FileLimits, others: number): string {
  // The server looks inside as well.
  if (!accept.some((ending) => name.toLowerCase().endsWith(ending))) return 'file_type_refused';
  if (size > maxBytes) return 'file_too_large';
  return others >= maxFiles ? 'too_many_files' : '';
}

/** The kinds of files there may be, for people: `CSV, JSON`. */
export function kindsOf({ accept }: Pick<FileLimits, 'accept'>): string {
  return accept.map((ending) => ending.slice(1).toUpperCase()).join(', ');
}
