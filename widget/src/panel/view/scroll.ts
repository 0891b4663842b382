// The conversation follows new text only while the reader is at its end.

const NEAR_END_PX = 48;

export interface Follower {
  /** To be called after the content has grown. */
  follow(): void;
  toEnd(): void;
}

export function followEnd(area: HTMLElement, jump: HTMLElement): Follower {
  let isAtEnd = true;
  const measure = (): void => {
    isAtEnd = area.scrollHeight - area.scrollTop - area.clientHeight < NEAR_END_PX;
    if (isAtEnd) jump.hidden = true;
  };
  const toEnd = (): void => {
    isAtEnd = true;
    jump.hidden = true;
    area.scrollTop = area.scrollHeight;
  };
  area.addEventListener('scroll', measure, { passive: true });
  jump.addEventListener('click', toEnd);
  jump.hidden = true;
  // The frame gets its size late when it is opened, and smaller when a phone's keyboard comes up.
  new ResizeObserver(() => isAtEnd && toEnd()).observe(area);
  return {
    follow: () => (isAtEnd ? toEnd() : void (jump.hidden = false)),
    toEnd,
  };
}
