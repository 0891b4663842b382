// Ids that tie labels and messages to their fields; each is used once in a page.

let made = 0;

export function newId(): string {
  made += 1;
  return `extra-${made}`;
}
