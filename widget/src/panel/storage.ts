// Where this browser keeps the pointer to the visitor's conversation: written after the first send, never before.
// Our own storage comes first; where the browser denies it to frames of another site, the host page's loader keeps it;
// where nobody can, it lives as long as the page.

export interface Pointer {
  sessionId: string;
  visitorToken: string;
}

export interface PointerStore {
  read(): Pointer | null;
  write(pointer: Pointer): void;
  clear(): void;
  /** Takes what the loader kept for us, if our own storage is denied; whether that is a pointer. */
  adopt(kept: unknown): boolean;
}

export function pointerStore(bot: string, keepAtHost: (text: string) => void): PointerStore {
  const key = `alcove:conversation:${bot}`;
  const own = ownStorage();
  let memory = own?.getItem(key) ?? '';
  const put = (text: string): void => {
    memory = text;
    if (!own) return keepAtHost(text);
    try {
      own.setItem(key, text);
    } catch {
      keepAtHost(text);
    }
  };
  return {
    read: () => parse(memory),
    write: (pointer) => put(JSON.stringify(pointer)),
    clear() {
      put('');
      own?.removeItem(key);
    },
    adopt(kept) {
      if (memory || typeof kept !== 'string' || !parse(kept)) return false;
      memory = kept;
      return true;
    },
  };
}

function ownStorage(): Storage | null {
  try {
    return localStorage;
  } catch {
    return null;
  }
}

function parse(text: string): Pointer | null {
  try {
    const { sessionId, visitorToken } = JSON.parse(text || '{}') as Partial<Pointer>;
    return typeof sessionId === 'string' && typeof visitorToken === 'string' ? { sessionId, visitorToken } : null;
  } catch {
    return null;
  }
}
