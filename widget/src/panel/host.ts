// The page around the frame: the loader's messages, and the ones older hosts send. Whoever speaks has to be the
// parent window at an origin the owner allows; answers go to that origin only.
import { FRAME_VERSION, isRecord, type HostEvent, type PageContext, type ToHost } from '../frame-messages';

const PAGE_WAIT_MS = 500;
const MAX_PAGE_CHARS = 4000;

export interface HostHandlers {
  /** What the loader keeps in the host page's storage for us. */
  recalled(kept: unknown): void;
  settings(config: Record<string, unknown>): void;
  visible(isVisible: boolean, focus: boolean): void;
  send(text: string): void;
  clear(): void;
}

/** `*` allows every origin, `https://*.example.com` every subdomain, anything else is compared exactly. */
export function isAllowedOrigin(origin: string, allowed: string[]): boolean {
  if (!/^https?:\/\//.test(origin)) return false;
  return allowed.some((entry) => {
    const [scheme, rest] = entry.split('//*.');
    if (entry === '*' || entry === origin) return true;
    return rest !== undefined && origin.startsWith(`${scheme}//`) && origin.endsWith(`.${rest}`);
  });
}

/** The parent's origin as the browser tells it, before anybody has spoken. */
export function knownParentOrigin(ancestors: ArrayLike<string> | undefined, referrer: string): string | null {
  const [first] = Array.from(ancestors ?? []);
  if (first) return first === 'null' ? null : first;
  try {
    return new URL(referrer).origin;
  } catch {
    return null;
  }
}

export class Host {
  readonly isFramed = window.parent !== window;
  private origin = knownParentOrigin(location.ancestorOrigins, document.referrer);
  private hasLoader = false;
  private pageRequests = new Map<number, (page: PageContext | null) => void>();
  /** What an older host sent as `page_data`. */
  private pageData: Record<string, unknown> | null = null;

  constructor(
    private readonly allowed: string[],
    private readonly handlers: HostHandlers,
  ) {
    if (!this.isFramed) return;
    addEventListener('message', (event) => this.listen(event));
    this.post({ type: 'hello' });
    this.postOlder({ type: 'widget_ready' });
  }

  close(): void {
    this.post({ type: 'close' });
    this.postOlder({ type: 'widget_minimized' });
  }

  unread(count: number): void {
    this.post({ type: 'unread', count });
  }

  get canExpand(): boolean {
    return this.hasLoader;
  }

  expand(isExpanded: boolean): void {
    this.post({ type: 'expand', isExpanded });
  }

  approve(text: string): Promise<string | null> {
    return Promise.resolve(text);
  }

  keep(kept: string): void {
    this.post({ type: 'keep', kept });
  }

  emit(name: HostEvent, detail: Record<string, unknown> = {}): void {
    this.post({ type: 'event', name, detail });
    if (name === 'reply') this.postOlder({ type: 'message_received', ...detail });
  }

  sessionCreated(sessionId: string): void {
    this.postOlder({ type: 'session_created', sessionId });
  }

  /** The page's context at this moment; a host that does not answer soon is not waited for. */
  async pageConfig(): Promise<Record<string, unknown>> {
    const page = this.hasLoader ? await this.askForPage() : null;
    return { ...(page ? { pageContext: page } : {}), ...(this.pageData ? { pageData: this.pageData } : {}) };
  }

  private askForPage(): Promise<PageContext | null> {
    const id = this.pageRequests.size + 1;
    return new Promise((resolve) => {
      this.pageRequests.set(id, resolve);
      setTimeout(() => resolve(null), PAGE_WAIT_MS);
      this.post({ type: 'page', id });
    });
  }

  private post(message: ToHost): void {
    this.postOlder({ alcove: FRAME_VERSION, ...message });
  }

  private postOlder(message: object): void {
    if (this.isFramed && this.origin && isAllowedOrigin(this.origin, this.allowed)) {
      window.parent.postMessage(message, this.origin);
    }
  }

  private listen(event: MessageEvent<unknown>): void {
    const { data, origin, source } = event;
    if (source !== window.parent || !isAllowedOrigin(origin, this.allowed) || !isRecord(data)) return;
    if (this.origin !== null && origin !== this.origin) return;
    this.origin = origin;
    if (data.alcove === FRAME_VERSION) this.receive(data);
    else if (data.alcove === undefined) this.receiveOlder(data);
  }

  private receive(message: Record<string, unknown>): void {
    switch (message.type) {
      case 'settings':
        this.hasLoader = true;
        this.handlers.settings(isRecord(message.config) ? message.config : {});
        this.handlers.recalled(message.kept);
        return this.emit('ready');
      case 'open':
        return this.handlers.visible(true, message.focus === true);
      case 'close':
        return this.handlers.visible(false, false);
      case 'send':
        return this.sendText(message.text);
      case 'page':
        this.pageRequests.get(Number(message.id))?.(cutPage(message.page));
        return;
    }
  }

  private receiveOlder(message: Record<string, unknown>): void {
    const content = message.config ?? message.data ?? message.payload;
    switch (message.type) {
      case 'configure':
        return this.handlers.settings(isRecord(content) ? content : {});
      case 'page_data':
        this.pageData = isRecord(content) ? content : null;
        return;
      case 'send_message':
        return this.sendText(message.message ?? message.text ?? content);
      case 'clear_chat':
        return this.handlers.clear();
      case 'minimize':
        this.handlers.visible(false, false);
        return this.postOlder({ type: 'widget_minimized' });
      case 'maximize':
        return this.handlers.visible(true, true);
    }
  }

  private sendText(text: unknown): void {
    if (typeof text === 'string' && text.trim()) this.handlers.send(text);
  }
}

/** Completed by what its address tells, bounded, and never ending on half of a surrogate pair, which would not survive
 *  the way to the server. */
function cutPage(page: unknown): PageContext | null {
  if (!isRecord(page)) return null;
  const text = String(page.pageContent ?? '').trim();
  const pageContent = text.slice(0, MAX_PAGE_CHARS).replace(/[\ud800-\udbff]$/, '');
  return { ...addressParts(page.url), ...page, pageContent };
}

function addressParts(url: unknown): PageContext {
  try {
    const { hostname, pathname } = new URL(String(url));
    return { hostname, pathname };
  } catch {
    return {};
  }
}
