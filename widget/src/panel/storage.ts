// Where this browser keeps the pointer to the visitor's conversation: written after the first send, never before.
// A browser that forbids storage keeps it for as long as the page is open.

export interface Pointer {
  sessionId: string;
  visitorToken: string;
}

export interface PointerStore {
  read(): Pointer | null;
  write(pointer: Pointer): void;
  clear(): void;
}

export function pointerStore(bot: string): PointerStore {
  const key = `alcove:conversation:${bot}`;
  let memory: string | null = null;
  const quietly = (act: () => string | null | void): string | null => {
    try {
      return act() ?? null;
    } catch {
      return null;
    }
  };
  return {
    read: () => parse(memory ?? quietly(() => localStorage.getItem(key))),
    write(pointer) {
      memory = JSON.stringify(pointer);
      quietly(() => localStorage.setItem(key, memory ?? ''));
    },
    clear() {
      memory = null;
      quietly(() => localStorage.removeItem(key));
    },
  };
}

function parse(text: string | null): Pointer | null {
  try {
    const { sessionId, visitorToken } = JSON.parse(text ?? '{}') as Partial<Pointer>;
    return typeof sessionId === 'string' && typeof visitorToken === 'string' ? { sessionId, visitorToken } : null;
  } catch {
    return null;
  }
}
