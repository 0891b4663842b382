// What is loaded when it is first wanted, so that opening the chat does not wait for it: scripts, and the words that
// only they say, sentences for errors among them.
import type { PanelConfig, Script } from './config';
import type { AllStrings } from './strings/index';

export class Later {
  #words: Promise<AllStrings> | null = null;

  constructor(private readonly config: PanelConfig) {}

  async load<Module>(name: Script): Promise<[Module, AllStrings]> {
    return Promise.all([import(String(this.config.scripts[name])) as Promise<Module>, this.words()]);
  }

  words(): Promise<AllStrings> {
    return (this.#words ??= this.#loadWords().catch((error: unknown) => {
      this.#words = null;
      throw error;
    }));
  }

  /** One of them, or nothing when there is none to be had. From then on it is among the panel's own words. */
  async word(key: string): Promise<string> {
    const known = this.config.strings as Record<string, string>;
    if (!(key in known)) await this.words().catch(() => undefined);
    return known[key] ?? '';
  }

  /** The panel's own words grow by them. */
  async #loadWords(): Promise<AllStrings> {
    const { strings, words } = this.config;
    const response = await fetch(words, { credentials: 'omit' });
    if (!response.ok) throw new Error('no words');
    return Object.assign(strings as AllStrings, await response.json());
  }
}

/** A part of the panel that is made when it is first used, of a script that is loaded for it. */
export class LaterPart<Module, Part> {
  #part: Promise<Part> | null = null;

  constructor(
    private readonly later: Later,
    private readonly name: Script,
    private readonly make: (module: Module, words: AllStrings) => Part,
    private readonly fail: (error: unknown) => void,
  ) {}

  get isWanted(): boolean {
    return this.#part !== null;
  }

  /** What failed to load is asked for again the next time. */
  async use(deed: (part: Part) => unknown): Promise<void> {
    try {
      this.#part ??= this.later.load<Module>(this.name).then((loaded) => this.make(...loaded));
      await deed(await this.#part);
    } catch (error) {
      this.#part = null;
      this.fail(error);
    }
  }
}
