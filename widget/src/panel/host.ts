// The page around the frame: the loader's messages, and the ones older hosts send. Whoever speaks has to be the
// parent window at an origin the owner allows; answers go to that origin only.
import { FRAME_VERSION, isRecord, type HostEvent, type Identity, type Settings, type ToHost } from '../frame-messages';
import { isAllowedOrigin, knownParentOrigin } from './origins';
import { cutPage } from './page-context';

const PAGE_WAIT_MS = 500;
const APPROVE_WAIT_MS = 1000;
const LOOK_AGAIN_MS = 1000;
const LOADER_WAIT_MS = 1000;

export interface HostHandlers {
  /** What the loader keeps in the host page's storage for us; null once that is gone. */
  recalled(kept: unknown): void;
  settings(config: Record<string, unknown>): void;
  visible(isVisible: boolean, focus: boolean): void;
  send(text: string): void;
  clear(): void;
  identify(identity: Identity): void;
  /** `light`, `dark`, `auto`, or the page's colours. */
  theme(theme: string): void;
  reset(): void;
}

/** Before the loader has said anything. */
const UNKNOWN: Settings = { config: {}, identity: null, theme: '', open: false, focus: false, beforesend: false };

export class Host {
  readonly isFramed = window.parent !== window;
  #origin = knownParentOrigin(location.ancestorOrigins, document.referrer);
  #loader: Settings | null = null;
  #answers = new Map<number, (value: unknown) => void>();
  #lastId = 0;
  /** Whether the page has said if it shows the panel. */
  #isTold = false;
  /** What an older host sent as `page_data`. */
  #pageData: Record<string, unknown> | null = null;

  constructor(
    private readonly allowed: string[],
    private readonly handlers: HostHandlers,
  ) {
    if (!this.isFramed) return;
    addEventListener('message', (event) => this.#listen(event));
    this.#post({ type: 'hello' });
    this.#postOlder({ type: 'widget_ready' });
    // A plain iframe is in view from the start, unless its page says otherwise.
    setTimeout(() => this.#isTold || this.#show(true, false), LOADER_WAIT_MS);
  }

  close(): void {
    this.#post({ type: 'close' });
    this.#postOlder({ type: 'widget_minimized' });
  }

  unread(count: number): void {
    this.#post({ type: 'unread', value: count });
  }

  keep(kept: string): void {
    this.#post({ type: 'keep', value: kept });
  }

  /** Only the loader has a frame that can grow, unless it fills a phone or an element of the page; tablets count as
   *  phones here. */
  get canExpand(): boolean {
    return this.#loader !== null && !matchMedia('(pointer: coarse)').matches && !/[#&]target=[^&]/.test(location.hash);
  }

  expand(isExpanded: boolean): void {
    this.#post({ type: 'expand', value: isExpanded ? 'wide' : '' });
  }

  emit(name: HostEvent, detail: Record<string, unknown> = {}): void {
    this.#post({ type: 'event', id: name, value: detail });
    if (name === 'reply') this.#postOlder({ type: 'message_received', ...detail });
  }

  sessionCreated(sessionId: string): void {
    this.#postOlder({ type: 'session_created', sessionId });
  }

  /** The page's context at this moment; a host that does not answer soon is not waited for. */
  async pageConfig(): Promise<Record<string, unknown>> {
    const page = this.#loader ? cutPage(await this.#ask({ type: 'page' }, PAGE_WAIT_MS)) : null;
    return { ...(page ? { pageContext: page } : {}), ...(this.#pageData ? { pageData: this.#pageData } : {}) };
  }

  /** What the page makes of a message: the same or another text, or null when it refuses. Nobody asked, nobody there
   *  or no answer is no objection. */
  async approve(text: string): Promise<string | null> {
    if (!this.#loader?.beforesend) return text;
    const answer = await this.#ask({ type: 'beforesend', value: text }, APPROVE_WAIT_MS);
    return answer === null || typeof answer === 'string' ? answer : text;
  }

  #ask(question: { type: 'page' } | { type: 'beforesend'; value: string }, waitMs: number): Promise<unknown> {
    const id = ++this.#lastId;
    return new Promise<unknown>((resolve) => {
      this.#answers.set(id, resolve);
      setTimeout(resolve, waitMs);
      this.#post({ ...question, id });
    }).finally(() => this.#answers.delete(id));
  }

  #post(message: ToHost): void {
    this.#postOlder({ alcove: FRAME_VERSION, ...message });
  }

  #postOlder(message: object): void {
    if (this.isFramed && this.#origin && isAllowedOrigin(this.#origin, this.allowed)) {
      window.parent.postMessage(message, this.#origin);
    }
  }

  #listen(event: MessageEvent<unknown>): void {
    const { data, origin, source } = event;
    if (source !== window.parent || !isAllowedOrigin(origin, this.allowed) || !isRecord(data)) return;
    if (this.#origin !== null && origin !== this.#origin) return;
    this.#origin = origin;
    if (data.alcove === FRAME_VERSION) this.#receive(data);
    else if (data.alcove === undefined) this.#receiveOlder(data);
  }

  #receive({ type, value, id }: Record<string, unknown>): void {
    switch (type) {
      case 'settings':
        return isRecord(value) ? this.#learn(value as unknown as Settings) : undefined;
      case 'send':
        return this.#sendText(value);
      case 'reset':
        return this.handlers.reset();
      case 'page':
      case 'beforesend':
        return this.#answers.get(Number(id))?.(value);
    }
  }

  /** The loader tells everything each time; what differs from what it told before is news. */
  #learn(now: Settings): void {
    const { handlers } = this;
    const before = this.#loader ?? UNKNOWN;
    const isFirst = this.#loader === null;
    this.#loader = now;
    this.#isTold = true;
    if (isFirst && isRecord(now.config)) handlers.settings(now.config);
    if (now.theme !== before.theme) handlers.theme(String(now.theme));
    if (now.keep !== before.keep) handlers.recalled(now.keep ?? null);
    if (JSON.stringify(now.identity) !== JSON.stringify(before.identity)) handlers.identify(isRecord(now.identity) ? now.identity : {});
    if (now.open !== before.open) this.#show(now.open === true, now.focus === true);
    if (!isFirst) return;
    this.emit('ready');
    setInterval(() => this.#lookAgain(), LOOK_AGAIN_MS);
  }

  /** A page that is followed in its colours can change them in ways that no event tells: so it is asked. */
  #lookAgain(): void {
    if (this.#loader?.open && !document.hidden && String(this.#loader.theme).includes('(')) this.#post({ type: 'tell' });
  }

  #receiveOlder(message: Record<string, unknown>): void {
    const content = message.config ?? message.data ?? message.payload;
    switch (message.type) {
      case 'configure':
        return this.handlers.settings(isRecord(content) ? content : {});
      case 'page_data':
        this.#pageData = isRecord(content) ? content : null;
        return;
      case 'send_message':
        return this.#sendText(message.message ?? message.text ?? content);
      case 'clear_chat':
        return this.handlers.clear();
      case 'minimize':
        this.#show(false, false);
        return this.#postOlder({ type: 'widget_minimized' });
      case 'maximize':
        return this.#show(true, true);
    }
  }

  #show(isVisible: boolean, focus: boolean): void {
    this.#isTold = true;
    this.handlers.visible(isVisible, focus);
  }

  #sendText(text: unknown): void {
    if (typeof text === 'string' && text.trim()) this.handlers.send(text);
  }
}
