// What a script adds to the admin pages. Without it everything works as well.
(() => {
  'use strict';
  const all = (selector) => document.querySelectorAll(selector);

  // Times in the reader's own zone and manner.
  const near = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit' });
  const far = new Intl.DateTimeFormat(undefined, { year: 'numeric', month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit' });
  const whole = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' });
  const thisYear = new Date().getFullYear();
  const localTimes = (root) => {
    for (const node of root.querySelectorAll('time[datetime]')) {
      const at = new Date(node.dateTime);
      if (Number.isNaN(at.getTime())) continue;
      node.textContent = (at.getFullYear() === thisYear ? near : far).format(at);
      node.title = whole.format(at);
    }
  };
  localTimes(document);
  // Pages that bring in more later call this for it.
  document.addEventListener('alcove:added', (event) => localTimes(event.target));

  // "Saved." is said once, not again after a reload.
  const here = new URL(location.href);
  if (here.searchParams.has('done')) {
    here.searchParams.delete('done');
    history.replaceState(history.state, '', here);
  }

  // A link that the server could not complete, as nobody told it its address.
  for (const node of all('[data-complete]')) {
    for (const text of node.querySelectorAll('.copy-text')) {
      if (text.textContent.startsWith('/')) text.textContent = location.origin + text.textContent;
    }
    for (const note of node.querySelectorAll('[data-incomplete]')) note.hidden = true;
  }

  if (!isSecureContext) for (const note of all('[data-insecure]')) note.hidden = false;

  for (const button of all('[data-copy]')) {
    if (!navigator.clipboard) continue;
    const label = button.textContent;
    button.hidden = false;
    button.addEventListener('click', async () => {
      const text = button.parentElement.querySelector('.copy-text')?.textContent ?? '';
      const copied = await navigator.clipboard.writeText(text).then(() => true, () => false);
      button.textContent = copied ? 'Copied' : label;
      setTimeout(() => { button.textContent = label; }, 2000);
    });
  }

  // A form is sent once, however often its button is pressed; it can be sent again after "back".
  const sent = new WeakSet();
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== 'post') return;
    if (sent.has(form)) event.preventDefault();
    sent.add(form);
    setTimeout(() => sent.delete(form), 3000);
  });

  // A menu or question closes with Escape and by a press beside it.
  const open = () => all('details.phone-menu[open], details.confirm[open]');
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    for (const details of open()) {
      details.open = false;
      details.querySelector('summary').focus();
    }
  });
  document.addEventListener('click', (event) => {
    for (const details of open()) if (!details.contains(event.target)) details.open = false;
  });

  // A table that scrolls can be scrolled with the keyboard.
  const reach = () => {
    for (const wrap of all('.table-wrap')) {
      if (wrap.scrollWidth > wrap.clientWidth) wrap.tabIndex = 0;
      else wrap.removeAttribute('tabindex');
    }
  };
  reach();
  addEventListener('resize', reach);
})();
