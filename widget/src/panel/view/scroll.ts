// The conversation follows new text only while the reader is at its end.

const NEAR_END_PX = 48;

export interface Follower {
  /** To be called after the content has grown. */
  follow(): void;
  toEnd(): void;
}

/** Only scrolling up takes the reader away from the end; growing content and a frame that changes its size do not, and
 *  neither does content that was shorter for a moment before it grew by more than a line or two: the browser keeps parts
 *  out of sight at a size it guesses. */
export function followEnd(area: HTMLElement, content: HTMLElement, jump: HTMLElement): Follower {
  let isAtEnd = true;
  let lastTop = 0;
  let lastHeight = 0;
  const measure = (): void => {
    const { scrollTop, scrollHeight } = area;
    const isNear = scrollHeight - scrollTop - area.clientHeight < NEAR_END_PX;
    if (isNear || (scrollTop < lastTop && scrollHeight < lastHeight + NEAR_END_PX)) isAtEnd = isNear;
    lastTop = scrollTop;
    lastHeight = scrollHeight;
    if (isAtEnd) jump.hidden = true;
  };
  const toEnd = (): void => {
    isAtEnd = true;
    jump.hidden = true;
    area.scrollTop = area.scrollHeight;
  };
  /** The reader may have scrolled without the event having come yet. */
  const stayAtEnd = (): void => {
    measure();
    if (isAtEnd) toEnd();
  };
  area.addEventListener('scroll', measure, { passive: true });
  jump.addEventListener('click', toEnd);
  jump.hidden = true;
  const sizes = new ResizeObserver(stayAtEnd);
  sizes.observe(area);
  sizes.observe(content);
  return {
    follow() {
      stayAtEnd();
      jump.hidden = isAtEnd;
    },
    toEnd,
  };
}
