// What the widget listens to outside of itself, and how that ends when the widget is taken away.

export const end = new AbortController();

/** Listens until `destroy`. */
export function listen(target: EventTarget, name: string, heard: (event: never) => void): void {
  target.addEventListener(name, heard as EventListener, { signal: end.signal });
}
