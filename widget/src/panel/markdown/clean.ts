// Takes characters out that nobody can see but that change what is seen: controls, overriding direction marks, tag
// characters, and towers of combining marks.

// Line feed and tab stay; carriage returns go, so that every line end is a line feed.
export const INVISIBLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]|\udb40[\udc00-\udc7f]/g;
const MARK = /\p{M}/u;
const MAX_MARKS = 8;

export class Cleaner {
  /** Half of a pair whose other half is still to come. */
  #half = '';
  #marks = 0;

  clean(piece: string): string {
    const text = this.#half + piece;
    this.#half = /[\ud800-\udbff]$/.test(text) ? text.slice(-1) : '';
    const whole = (this.#half ? text.slice(0, -1) : text).replace(INVISIBLE, '');
    return MARK.test(whole) ? this.#capMarks(whole) : this.#endMarks(whole);
  }

  #endMarks(text: string): string {
    if (text) this.#marks = 0;
    return text;
  }

  #capMarks(text: string): string {
    let kept = '';
    for (const character of text) {
      this.#marks = MARK.test(character) ? this.#marks + 1 : 0;
      if (this.#marks <= MAX_MARKS) kept += character;
    }
    return kept;
  }
}
