// Shows a bot's form in the preview beside it while it is being filled in. Nothing is saved by that.
(() => {
  const form = document.querySelector('[data-bot-form]');
  const preview = document.querySelector('[data-preview]');
  const hint = document.querySelector('[data-preview-hint]');
  if (!form || !preview || !hint) return;

  const saved = new URL(preview.src);
  const first = read();
  let waiting = 0;
  let shown = 0;

  /** What a panel takes from its address: looks in the fragment, the rest as a host page's wishes. */
  function read() {
    const said = (name) => form.elements.namedItem(name)?.value.trim() ?? '';
    const wanted = (name) => (said(name) === 'none' ? '' : said(name));
    const questions = wanted('suggestions').split(/[\n|]/).map((line) => line.trim()).filter(Boolean);
    const fragment = {
      name: said('name'),
      color: said('color'),
      icon: wanted('icon'),
      greeting: wanted('welcome'),
      suggestions: questions.join('|'),
    };
    const config = { poweredBy: wanted('poweredBy'), botMsgBgColor: said('messageColor') };
    return { fragment, config, locale: said('language') };
  }

  const filled = (values) => Object.fromEntries(Object.entries(values).filter(([, value]) => value));

  function show() {
    const draft = read();
    const address = new URL(saved);
    const isSaved = JSON.stringify(draft) === JSON.stringify(first);
    if (!isSaved) {
      // The number makes the frame load anew: a changed fragment alone would not.
      address.searchParams.set('config', JSON.stringify({ ...filled(draft.config), preview: ++shown }));
      if (draft.locale && draft.locale !== 'auto') address.searchParams.set('locale', draft.locale);
      address.hash = new URLSearchParams(filled(draft.fragment)).toString();
    }
    hint.textContent = isSaved ? 'The chat as it is saved.' : 'The chat with what you have written; nothing is saved yet.';
    preview.src = address.href;
  }

  form.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, 400);
  });
})();
