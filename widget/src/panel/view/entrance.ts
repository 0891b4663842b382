// How files come into the chat: by the button, dropped or pasted. What becomes of them is loaded with the first one.
import type { Files, FileStage } from '../../files/files';
import type { Chat } from '../chat';
import type { PanelConfig } from '../config';
import { LaterPart, type Later } from '../later';
import { make } from './elements';

const DRAGS = ['dragenter', 'dragover', 'dragleave', 'drop'] as const;

export class Entrance {
  readonly #files: LaterPart<{ Files: typeof Files }, Files>;
  /** Kept: a browser may forget one that stands nowhere. */
  readonly #input = make('input');

  constructor(
    private readonly config: PanelConfig,
    private readonly chat: Chat,
    private readonly stage: FileStage,
    later: Later,
    fail: (error: unknown) => void,
  ) {
    const input = this.#input;
    this.#files = new LaterPart(later, 'files', ({ Files: Loaded }, words) => new Loaded(config, words, chat, stage), fail);
    input.type = 'file';
    input.multiple = true;
    input.addEventListener('change', () => {
      this.#add([...(input.files ?? [])]);
      // So that the same file can be chosen again.
      input.value = '';
    });
    for (const name of DRAGS) addEventListener(name, (event) => this.#drag(event));
  }

  choose(): void {
    this.#input.accept = String(this.config.files?.accept);
    this.#input.click();
    this.#add([]);
  }

  paste(event: ClipboardEvent): void {
    const { clipboardData } = event;
    if (!clipboardData || !this.config.files) return;
    const files = [...clipboardData.files];
    const text = clipboardData.getData('text/plain');
    // Spreadsheets copy a picture of the cells along with what stands in them.
    if (files.length && !(text && files.every(({ type }) => type.startsWith('image/')))) {
      event.preventDefault();
      this.#add(files);
    } else if (text.split('\n', 3).length > 2) {
      // By then it stands in the composer.
      setTimeout(() => void this.#files.use((all) => all.offer(text)));
    }
  }

  /** Shows the files of the session that is shown now. */
  look(): void {
    if (this.#files.isWanted || this.chat.sessions.current?.hasFiles) void this.#files.use((all) => all.refresh());
  }

  #add(files: File[]): void {
    void this.#files.use((all) => all.add(files));
  }

  #drag(event: DragEvent): void {
    const { dataTransfer, type, target } = event;
    if (!dataTransfer?.types.includes('Files')) return;
    // Else the browser would leave the chat for the file.
    event.preventDefault();
    const isWelcome = this.config.files && !this.stage.composer.node.hidden;
    dataTransfer.dropEffect = isWelcome ? 'copy' : 'none';
    const files = [...dataTransfer.files];
    if (isWelcome && type !== 'dragover') void this.#files.use((all) => all.drag(type, target, files));
  }
}
