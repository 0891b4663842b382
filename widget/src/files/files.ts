// The files of the conversation: taken, sent one after the other, shown, removed.
import type { call, problemOf, readProblem } from '../panel/api';
import type { Chat } from '../panel/chat';
import type { FileLimits, PanelConfig } from '../panel/config';
import type { Problem } from '../panel/conversation';
import type { Pointer } from '../panel/memory';
import { fill, type AllStrings, type errorSentence } from '../panel/strings/index';
import type { Announcer } from '../panel/view/announcer';
import type { Composer } from '../panel/view/composer';
import { attached, stored } from './attached';
import { complaintAbout, kindsOf } from './check';
import { extentText } from './chip';
import { DropHint } from './drop';
import { numbersIn, type Numbers } from './numbers';
import { pastedIn } from './draft';
import { tableEnding } from './pasted';
import { addressOf, upload, type StoredFile, type Uploaded } from './server';
import { fileSheet } from './sheet';
import { Strip } from './strip';
import type { Attached, Table } from './types';

/** The places and voices of the panel that files need. */
export interface FileStage {
  strip: HTMLElement;
  composer: Composer;
  announcer: Announcer;
  /** The panel's way to its server. */
  call: typeof call;
  problemOf: typeof problemOf;
  readProblem: typeof readProblem;
  errorSentence: typeof errorSentence;
  setSheet(sheet: HTMLElement | null): void;
  focusComposer(): void;
  /** Tells the host page. */
  uploaded(file: { name: string; sizeBytes: number; rows?: number; columns?: number }): void;
}

export class Files {
  #all: Attached[] = [];
  /** The session that they belong to; none while there is none. */
  #session = '';
  #isSending = false;
  readonly #limits: FileLimits;
  readonly #numbers: Numbers;
  readonly #strip: Strip;
  readonly #hint: DropHint;

  constructor(
    config: PanelConfig,
    private readonly words: AllStrings,
    private readonly chat: Chat,
    private readonly stage: FileStage,
  ) {
    const limits = (this.#limits = config.files as FileLimits);
    const numbers = (this.#numbers = numbersIn(config.locale));
    this.#strip = new Strip(stage.strip, words, numbers, {
      open: (one) => void this.#open(one),
      retry: (one) => this.#retry(one),
      remove: (one) => void this.#remove(one),
      sentence: ({ problem }) => this.#sentence(problem as Problem),
    });
    this.#hint = new DropHint(words.dropHere, fill(words.dropHint, { kinds: kindsOf(limits), limit: numbers.size(limits.maxBytes) }));
    // Another tab may have brought or removed some.
    addEventListener('storage', () => void this.refresh().catch(() => undefined));
  }

  add(files: File[]): void {
    for (const file of files) {
      const one = attached(file);
      const code = complaintAbout(file, this.#limits, this.#all.filter(({ state }) => state !== 'failed').length);
      this.#all.push(one);
      if (code) this.#fail(one, { code, retryable: false });
    }
    void this.#sendAll();
  }

  drag(type: string, target: EventTarget | null, files: File[]): void {
    this.#hint.drag(type, target);
    if (type === 'drop') this.add(files);
  }

  /** What was pasted stands in the composer; when it is a table, it may become a file instead. */
  offer(pasted: string): void {
    const { stage, words } = this;
    const draft = pastedIn(stage.composer.node, pasted);
    const ending = draft && tableEnding(draft.text);
    if (!ending) return;
    this.#strip.offer(() => {
      this.#strip.offer(null);
      draft.take();
      this.add([new File([draft.text], `${words.tableName}.${ending}`)]);
      stage.focusComposer();
    });
    stage.announcer.say(words.tableFound);
    draft.whenGone(() => this.#strip.offer(null));
  }

  /** Shows what the server has for the session that is shown now. */
  async refresh(): Promise<void> {
    const pointer = this.chat.sessions.current;
    if (this.#session !== (pointer?.sessionId ?? '')) this.#leave(pointer?.sessionId ?? '');
    if (!pointer?.hasFiles) return;
    const there = (await this.#list(pointer)).map(stored);
    if (this.#session !== pointer.sessionId) return;
    const known = new Map(this.#all.map((one) => [one.id, one]));
    this.#all = [...there.map((one) => known.get(one.id) ?? one), ...this.#all.filter(({ id }) => !id)];
    this.#show();
  }

  async #list(pointer: Pointer): Promise<StoredFile[]> {
    try {
      const response = await this.stage.call(addressOf(pointer, 'info/'), { pointer });
      return ((await response.json()) as { files: StoredFile[] }).files;
    } catch (error) {
      if (this.stage.problemOf(error).code === 'network') throw error;
      return [];
    }
  }

  #leave(session: string): void {
    this.#session = session;
    for (const { stop } of this.#all) stop.abort();
    this.#all = [];
    this.#show();
  }

  #show(): void {
    this.#strip.show(this.#all);
    this.stage.composer.hold(this.#all.some(({ state }) => state === 'waiting' || state === 'sending'));
  }

  async #sendAll(): Promise<void> {
    this.#show();
    if (this.#isSending) return;
    this.#isSending = true;
    for (let next = this.#next(); next; next = this.#next()) await this.#send(next);
    this.#isSending = false;
  }

  #next(): Attached | undefined {
    return this.#all.find(({ state }) => state === 'waiting');
  }

  async #send(one: Attached): Promise<void> {
    one.state = 'sending';
    this.#strip.update(one);
    this.stage.announcer.say(fill(this.words.fileSending, { name: one.name }));
    try {
      const outcome = await this.#upload(one, true);
      if ('file' in outcome) await this.#arrived(one, outcome.file);
      else this.#fail(one, this.stage.readProblem(outcome.refusal));
    } catch (error) {
      this.#fail(one, this.stage.problemOf(error));
    }
    this.#show();
  }

  async #upload(one: Attached, mayRenew: boolean): Promise<Uploaded> {
    const { sessions } = this.chat;
    const pointer = await sessions.open();
    this.#session = pointer.sessionId;
    const progress = (share: number): void => {
      one.share = share;
      this.#strip.update(one);
    };
    const outcome = await upload(pointer, one.file as File, one.stop.signal, progress);
    if ('file' in outcome || !mayRenew || !sessions.hasEnded(this.stage.readProblem(outcome.refusal))) return outcome;
    this.stage.announcer.say(this.words.sessionRenewed);
    return this.#upload(one, false);
  }

  async #arrived(one: Attached, file: StoredFile): Promise<void> {
    // Taken back when it was there already.
    if (!this.#all.includes(one)) return this.#delete(file.fileId);
    Object.assign(one, stored(file));
    this.#all = this.#all.filter((other) => other === one || other.id !== one.id);
    const { name, sizeBytes, extents } = one;
    const [first] = extents;
    const { announcer } = this.stage;
    this.#remember(true);
    announcer.say([fill(this.words.fileReady, { name }), ...extents.map((extent) => extentText(extent, this.words, this.#numbers))].join(' '));
    this.stage.uploaded({ name, sizeBytes, ...(first ? { rows: first.rowCount, columns: first.columnCount } : {}) });
  }

  /** Whether there are files is kept with the session: nothing is asked about those without. Other tabs look again. */
  #remember(hasFiles: boolean): void {
    const { memory } = this.chat.sessions;
    const { conversations, changes } = memory.read();
    const now = conversations.map((one) => (one.sessionId === this.#session ? { ...one, hasFiles } : one));
    memory.change({ conversations: now, changes: changes + 1 });
  }

  #fail(one: Attached, problem: Problem): void {
    // Taken back meanwhile, it is nobody's any more.
    if (!this.#all.includes(one)) return;
    one.state = 'failed';
    one.problem = problem;
    this.stage.announcer.alarm(`${one.name}: ${this.#sentence(problem)}`);
  }

  #sentence(problem: Problem): string {
    const { maxBytes, maxFiles } = this.#limits;
    return fill(this.stage.errorSentence(this.words, problem), { limit: this.#numbers.size(maxBytes), count: this.#numbers.count(maxFiles), kinds: kindsOf(this.#limits) });
  }

  #retry(one: Attached): void {
    Object.assign(one, { state: 'waiting', share: 0, problem: null });
    void this.#sendAll();
    this.#strip.focus(one);
  }

  async #remove(one: Attached): Promise<void> {
    const { stage } = this;
    one.stop.abort();
    if (one.id) {
      try {
        await this.#delete(one.id);
      } catch (error) {
        const problem = stage.problemOf(error);
        // Another tab was faster.
        if (problem.code !== 'file_not_found') return stage.announcer.alarm(this.#sentence(problem));
      }
    }
    this.#drop(one);
    if (one.id) {
      this.#remember(this.#all.some(({ id }) => id));
      stage.announcer.say(fill(this.words.fileRemoved, { name: one.name }));
    }
  }

  async #delete(id: string): Promise<void> {
    const pointer = this.chat.sessions.current;
    if (pointer) await this.stage.call(addressOf(pointer, '', id), { method: 'DELETE', pointer });
  }

  /** The focus goes to the file that takes its place, else to the composer. */
  #drop(one: Attached): void {
    const at = this.#all.indexOf(one);
    const hadFocus = this.#strip.hasFocus(one);
    this.#all = this.#all.filter((other) => other !== one);
    this.#show();
    if (hadFocus && !this.#strip.focus(this.#all[at] ?? this.#all.at(-1))) this.stage.focusComposer();
  }

  async #open(one: Attached): Promise<void> {
    const { stage, words } = this;
    const pointer = this.chat.sessions.current;
    const back = (): void => {
      stage.setSheet(null);
      if (!this.#strip.focus(one)) stage.focusComposer();
    };
    try {
      const known = pointer && (await stage.call(addressOf(pointer, 'info/', one.id), { pointer }));
      const { tables } = (await known?.json()) as { tables: Table[] };
      const remove = (): void => {
        back();
        void this.#remove(one);
      };
      stage.setSheet(fileSheet(one, tables, words, this.#numbers, { back, remove }));
    } catch (error) {
      stage.announcer.alarm(this.#sentence(stage.problemOf(error)));
    }
  }
}
