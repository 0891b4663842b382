// What the page listens for, and how listening ends when the widget is taken away.


export const end = new AbortController();
/** Listens until `destroy`; before the page does, so that it need not hear what is about the widget alone. */
export function listen(target: EventTarget, name: string, heard: (event: never) => void): void {
  target.addEventListener(name, heard as EventListener, { signal: end.signal, capture: true });
}

