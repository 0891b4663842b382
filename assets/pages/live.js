// Follows a conversation while it is read: asks for its newest messages, and puts in what has changed.
(() => {
  'use strict';
  const QUICK_MS = 1000;
  const SLOW_MS = 5000;
  const AT_END_PX = 120;
  const box = document.getElementById('live');
  const state = box?.querySelector('.live-state');
  const news = document.getElementById('live-news');
  if (!box || !state || !news) return;
  /** The messages as the server last wrote them, by id. */
  const seen = new Map();
  let tag = '';
  let quiet = 0;
  let timer = 0;

  const say = (words, isOn) => {
    state.hidden = false;
    state.textContent = words;
    box.classList.toggle('is-off', !isOn);
  };

  const isAtEnd = () => innerHeight + scrollY >= document.documentElement.scrollHeight - AT_END_PX;
  // Whoever works within a message is not disturbed: it changes later.
  const isBusy = (node) => node.contains(document.activeElement) || node.querySelector('details[open]') !== null;

  const announce = (before, after) => {
    const known = new Map([...before.children].map((node) => [node.id, node.classList.contains('is-running')]));
    const words = [];
    for (const node of after.children) {
      const isRunning = node.classList.contains('is-running');
      const wasRunning = known.get(node.id);
      const who = node.querySelector('.turn-who')?.textContent ?? '';
      if (wasRunning === undefined) words.push(isRunning ? `${who} is writing` : `New message: ${who}`);
      else if (wasRunning && !isRunning) words.push(`${who} has answered`);
    }
    if (words.length > 0) news.textContent = `${words.join('. ')}.`;
  };

  const put = (html) => {
    const next = new DOMParser().parseFromString(html, 'text/html').getElementById('turns');
    const now = document.getElementById('turns');
    if (!next || !now) return;
    const follows = isAtEnd();
    const height = document.documentElement.scrollHeight;
    announce(now, next);
    document.querySelector('.reader-main > .empty')?.remove();
    const old = new Map([...now.children].map((node) => [node.id, node]));
    const fresh = [...next.children].map((node) => {
      const own = old.get(node.id);
      old.delete(node.id);
      if (!own) {
        seen.set(node.id, node.outerHTML);
        return node;
      }
      // What has not changed keeps its node, and with it selection and focus.
      const isFirstLook = !seen.has(node.id) && !own.classList.contains('is-running');
      if (isFirstLook) seen.set(node.id, node.outerHTML);
      if (seen.get(node.id) === node.outerHTML || isBusy(own)) return own;
      seen.set(node.id, node.outerHTML);
      return node;
    });
    for (const gone of old.values()) gone.remove();
    fresh.forEach((node, place) => {
      const there = now.children[place];
      if (there === node) return;
      if (there && there.id === node.id) there.replaceWith(node);
      else now.insertBefore(node, there ?? null);
    });
    now.toggleAttribute('data-running', next.hasAttribute('data-running'));
    now.dispatchEvent(new CustomEvent('alcove:added', { bubbles: true }));
    // The first look brings nothing new, and moves nothing.
    const grown = document.documentElement.scrollHeight;
    if (follows && grown > height) scrollTo({ top: grown });
  };

  const ask = async () => {
    clearTimeout(timer);
    if (document.hidden) return;
    try {
      const answer = await fetch(box.dataset.live, { headers: tag ? { 'If-None-Match': tag } : {}, redirect: 'error' });
      if (answer.status === 404) return say('It was deleted', false);
      if (answer.status === 200) {
        tag = answer.headers.get('etag') ?? '';
        put(await answer.text());
        quiet = 0;
      } else if (answer.status === 304) quiet += 1;
      else throw new Error(String(answer.status));
      say('Live', true);
    } catch {
      quiet = 30;
      say('Not connected', false);
    }
    const isRunning = document.getElementById('turns')?.hasAttribute('data-running');
    timer = setTimeout(ask, isRunning || quiet < 30 ? QUICK_MS : SLOW_MS);
  };
  document.addEventListener('visibilitychange', () => { if (!document.hidden) ask(); });
  ask();
})();
