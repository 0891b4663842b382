// Scripts that are loaded when they are first wanted, and with the first of them the words that only they say. So opening
// the chat waits for neither.
import type { PanelConfig, Script } from './config';
import type { AllStrings } from './strings/index';

export class Later {
  #words: Promise<AllStrings> | null = null;

  constructor(private readonly config: PanelConfig) {}

  /** What failed to load is asked for again the next time. */
  async load<Module>(name: Script): Promise<[Module, AllStrings]> {
    this.#words ??= this.#loadWords();
    try {
      return await Promise.all([import(String(this.config.scripts[name])) as Promise<Module>, this.#words]);
    } catch (error) {
      this.#words = null;
      throw error;
    }
  }

  /** The panel's own words grow by them: it has the sentence for an error, whichever script it came up in. */
  async #loadWords(): Promise<AllStrings> {
    const { strings, words } = this.config;
    const response = await fetch(words, { credentials: 'omit' });
    if (!response.ok) throw new Error('no words');
    return Object.assign(strings as AllStrings, await response.json());
  }
}
