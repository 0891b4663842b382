// Server-sent events from raw bytes. A character or a line end may be split over chunks anywhere; each byte is looked
// at once, however the stream is cut.

export interface ServerEvent {
  event: string;
  data: string;
  id: string;
}

const LINE_END = /\r\n|\n|\r/;
const FIELD = /^(event|data|id)(?:: ?|$)/;
const MAX_LINE_CHARS = 8 * 1024 * 1024;

export class EventDecoder {
  readonly #decoder = new TextDecoder();
  /** Pieces of the line that has not ended yet. */
  #pieces: string[] = [];
  #size = 0;
  #sawCr = false;
  #event = '';
  #data: string[] = [];
  #id = '';

  /** Takes the next bytes and returns the events they complete. */
  push(bytes: Uint8Array): ServerEvent[] {
    let text = this.#decoder.decode(bytes, { stream: true });
    if (!text) return [];
    // The LF of a CRLF, in another chunk than its CR, ends no second line.
    if (this.#sawCr && text[0] === '\n') text = text.slice(1);
    this.#sawCr = text.endsWith('\r');
    const events: ServerEvent[] = [];
    const lines = text.split(LINE_END);
    const rest = lines.pop() as string;
    for (const line of lines) {
      this.#keep(line);
      this.#endLine(this.#pieces.join(''), events);
      this.#pieces = [];
      this.#size = 0;
    }
    this.#keep(rest);
    return events;
  }

  #keep(piece: string): void {
    this.#size += piece.length;
    if (this.#size > MAX_LINE_CHARS) throw new Error('The stream holds a line that is too long.');
    if (piece) this.#pieces.push(piece);
  }

  #endLine(line: string, events: ServerEvent[]): void {
    if (line === '') return this.#dispatch(events);
    const [start, name] = FIELD.exec(line) ?? [''];
    const value = line.slice(start?.length);
    if (name === 'data') this.#data.push(value);
    else if (name === 'event') this.#event = value;
    else if (name === 'id' && !value.includes('\0')) this.#id = value;
  }

  #dispatch(events: ServerEvent[]): void {
    if (this.#data.length) events.push({ event: this.#event || 'message', data: this.#data.join('\n'), id: this.#id });
    this.#event = '';
    this.#data = [];
  }
}
