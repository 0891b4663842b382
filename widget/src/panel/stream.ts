// Server-sent events from raw bytes. Lines are cut on bytes and decoded whole, so a character or a line end may be
// split over chunks anywhere; each byte is looked at once, however the stream is cut.

export interface ServerEvent {
  event: string;
  data: string;
  id: string;
}

const LF = 10;
const CR = 13;
const COLON = 58;
const SPACE = 32;
const MAX_LINE_BYTES = 8 * 1024 * 1024;

export class EventDecoder {
  private readonly decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  /** Parts of the line that has not ended yet. */
  private parts: Uint8Array[] = [];
  private size = 0;
  private sawCr = false;
  private isFirstLine = true;
  private event = '';
  private data: string[] = [];
  private id = '';

  /** Takes the next bytes and returns the events they complete. */
  push(bytes: Uint8Array): ServerEvent[] {
    const events: ServerEvent[] = [];
    let start = 0;
    for (let at = 0; at < bytes.length; at += 1) {
      const byte = bytes[at];
      // The LF of a CRLF, possibly in another chunk than its CR, ends no second line.
      const isSecondHalf = byte === LF && this.sawCr;
      this.sawCr = byte === CR;
      if (isSecondHalf) start = at + 1;
      else if (byte === LF || byte === CR) {
        this.keep(bytes.subarray(start, at));
        start = at + 1;
        this.endLine(events);
      }
    }
    this.keep(bytes.subarray(start));
    return events;
  }

  private keep(part: Uint8Array): void {
    this.size += part.length;
    if (this.size > MAX_LINE_BYTES) throw new Error('The stream holds a line that is too long.');
    if (part.length) this.parts.push(part.slice());
  }

  private endLine(events: ServerEvent[]): void {
    let line = join(this.parts, this.size);
    this.parts = [];
    this.size = 0;
    if (this.isFirstLine && line[0] === 0xef && line[1] === 0xbb && line[2] === 0xbf) line = line.subarray(3);
    this.isFirstLine = false;
    if (line.length === 0) this.dispatch(events);
    else if (line[0] !== COLON) this.field(line);
  }

  private field(line: Uint8Array): void {
    const colon = line.indexOf(COLON);
    const name = this.decoder.decode(colon < 0 ? line : line.subarray(0, colon));
    const from = colon < 0 ? line.length : colon + (line[colon + 1] === SPACE ? 2 : 1);
    const value = this.decoder.decode(line.subarray(from));
    if (name === 'data') this.data.push(value);
    else if (name === 'event') this.event = value;
    else if (name === 'id' && !value.includes('\0')) this.id = value;
  }

  private dispatch(events: ServerEvent[]): void {
    if (this.data.length) events.push({ event: this.event || 'message', data: this.data.join('\n'), id: this.id });
    this.event = '';
    this.data = [];
  }
}

function join(parts: Uint8Array[], size: number): Uint8Array {
  if (parts.length === 1 && parts[0]) return parts[0];
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
