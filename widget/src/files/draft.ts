// A text that was pasted into the composer, as long as it stands there.

export interface Draft {
  text: string;
  /** Takes it out again. */
  take(): void;
  /** Tells once that it was sent, changed or deleted. */
  whenGone(tell: () => void): void;
}

/** What can end it; the field has changed when all have heard of it. */
const ENDS = ['input', 'keydown', 'submit'];

export function pastedIn(composer: HTMLElement, pasted: string): Draft | null {
  const field = composer.querySelector('textarea');
  // As a text field holds it.
  const text = pasted.replace(/\r\n?/g, '\n');
  if (!field?.value.includes(text)) return null;
  return {
    text,
    take() {
      field.value = field.value.replace(text, () => '');
      field.dispatchEvent(new Event('input', { bubbles: true }));
    },
    whenGone(tell) {
      const heard = new AbortController();
      const look = (): void => {
        if (field.value.includes(text)) return;
        heard.abort();
        tell();
      };
      for (const name of ENDS) composer.addEventListener(name, () => setTimeout(look), { signal: heard.signal });
    },
  };
}
