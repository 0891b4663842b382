// Whether the visitor had the panel open before a reload; hosts that forbid storage just forget.

const KEY = 'alcove:open:';

export function wasOpen(bot: string): boolean {
  try {
    return sessionStorage.getItem(KEY + bot) === '1';
  } catch {
    return false;
  }
}

export function rememberOpen(bot: string, isOpen: boolean): void {
  try {
    sessionStorage.setItem(KEY + bot, isOpen ? '1' : '0');
  } catch {}
}
