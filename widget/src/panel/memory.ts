// What this browser remembers of its visitor: conversations with the tokens that open them, and an unsent draft.
// Written when the visitor does something, never before. Our own storage comes first; where the browser denies it to
// frames of another site, the host page's loader keeps it; where nobody can, it lives as long as the page. All tabs of
// a visitor share it, and each hears when another one changes it.
import { isRecord } from '../frame-messages';

export interface Pointer {
  sessionId: string;
  visitorToken: string;
}

/** A conversation of this browser. */
export interface Remembered extends Pointer {
  /** How it began. */
  title: string;
  /** When it was last used, in ms since 1970. */
  at: number;
  /** Whether files came with it, so that nobody has to ask about the others. */
  hasFiles?: boolean;
}

export interface Facts {
  /** The newest first. */
  conversations: Remembered[];
  /** The session shown now; none is a new conversation. */
  current: string;
  draft: string;
  /** The lead form was filled in or skipped. */
  hasMet: boolean;
  /** Grows when a message is sent or a reply ends, so that other tabs look again. */
  changes: number;
  /** Grows with every change, so that nothing older takes the place of something newer. */
  version: number;
}

export interface Memory {
  read(): Facts;
  change(facts: Partial<Facts>): void;
  /** Forgets the visitor, here and wherever it is kept. */
  forget(): void;
  /** Takes what the loader kept for us, or what another tab wrote; whether the conversation is news. */
  adopt(kept: unknown): boolean;
}

const MAX_CONVERSATIONS = 20;
const NOTHING: Facts = { conversations: [], current: '', draft: '', hasMet: false, changes: 0, version: 0 };

export function openMemory(bot: string, keepAtHost: (text: string) => void, otherTab: () => void): Memory {
  const key = `alcove:${bot}`;
  const own = ownStorage();
  let facts = parse(recall(own, key));
  const put = (text: string): void => {
    try {
      if (!own) keepAtHost(text);
      else if (text) own.setItem(key, text);
      else own.removeItem(key);
    } catch {
      keepAtHost(text);
    }
  };
  const adopt = (kept: unknown): boolean => {
    const { current, changes, version } = facts;
    const told = parse(String(kept ?? ''));
    // What the loader tells may have crossed something newer on the way to it.
    if (kept && told.version < version) return false;
    facts = told;
    return told.current !== current || told.changes !== changes;
  };
  addEventListener('storage', (event) => {
    if (own && event.key === key && adopt(event.newValue)) otherTab();
  });
  return {
    read: () => facts,
    change(changes) {
      facts = { ...facts, ...changes, version: facts.version + 1 };
      facts.conversations = facts.conversations.slice(0, MAX_CONVERSATIONS);
      put(JSON.stringify(facts));
    },
    forget() {
      facts = NOTHING;
      put('');
    },
    adopt: (kept) => !own && adopt(kept),
  };
}

export function currentPointer({ conversations, current }: Facts): Remembered | null {
  return conversations.find(({ sessionId }) => sessionId === current) ?? null;
}

function ownStorage(): Storage | null {
  try {
    return localStorage;
  } catch {
    return null;
  }
}

function recall(own: Storage | null, key: string): string | null {
  try {
    return own?.getItem(key) ?? null;
  } catch {
    return null;
  }
}

/** Whoever shares the storage may have written anything. */
function parse(text: string | null): Facts {
  try {
    const value: unknown = JSON.parse(text || '{}');
    if (!isRecord(value)) return NOTHING;
    const { conversations, current, draft, hasMet, changes, version } = value;
    return {
      conversations: Array.isArray(conversations) ? conversations.filter(isRemembered) : [],
      current: String(current ?? ''),
      draft: String(draft ?? ''),
      hasMet: hasMet === true,
      changes: Number(changes) || 0,
      version: Number(version) || 0,
    };
  } catch {
    return NOTHING;
  }
}

function isRemembered(value: unknown): value is Remembered {
  if (!isRecord(value)) return false;
  const { sessionId, visitorToken, title, at } = value;
  return [sessionId, visitorToken, title].every((part) => typeof part === 'string') && typeof at === 'number';
}
