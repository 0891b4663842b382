// What frames may hold while hostile replies are shown. `watch` runs inside the pages, before their own scripts.

/** Handed to `addInitScript`: it can use nothing from outside of itself. `isStrict` looks at every change and not only
 *  when asked to, and paints each piece on its own, however fast they come; that costs time of the page. */
export function watch({ isStrict }) {
  const TAGS = new Set('p br strong em del code ul ol li blockquote h2 h3 h4 h5 h6 table thead tbody tr th td hr a pre figure figcaption span div button input'.split(' '));
  const CLASSES = /^(code|copy-code|is-done|table|link-host|align-(start|center|end)|level-[1-6]|task)$/;
  const CONTROLS = /[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]|\udb40[\udc00-\udc7f]/;
  const TOWER = /(?:\p{M}[\u200b-\u200d\u2060]*){12}/u;
  const VALUES = {
    class: (value) => value.split(' ').every((name) => CLASSES.test(name)),
    dir: (value) => value === 'auto' || value === 'ltr',
    title: (value, { localName, href }) => localName === 'a' && value === href,
    href: (value, { localName }) => localName === 'a',
    target: (value, { localName }) => localName === 'a' && value === '_blank',
    rel: (value, { localName }) => localName === 'a' && value === 'noopener noreferrer nofollow ugc',
    'data-host': (value, { localName }) => localName === 'a' && !/[^\w.:[\]-]/.test(value),
    start: (value, { localName }) => localName === 'ol' && /^\d{1,9}$/.test(value),
    tabindex: (value) => value === '0',
    role: (value) => value === 'group',
    'aria-label': (value) => ourWords().has(value),
    type: (value, { localName }) => value === (localName === 'input' ? 'checkbox' : 'button'),
    checked: (value, { localName }) => localName === 'input',
    disabled: (value, { localName }) => localName === 'input',
  };
  const seen = new Set();
  let words;

  function ourWords() {
    words ??= new Set(Object.values(JSON.parse(document.getElementById('alcove-config').textContent).strings));
    return words;
  }

  function note(element, fault) {
    const reply = element?.closest?.('.reply');
    const at = reply ? [...document.querySelectorAll('.reply')].indexOf(reply) : '';
    seen.add(`${at}\t${fault}`);
  }

  function inspect(element) {
    const { localName } = element;
    if (!TAGS.has(localName) || element.namespaceURI !== 'http://www.w3.org/1999/xhtml') note(element, `a <${localName}>`);
    if (localName === 'input' && !element.disabled) note(element, 'a control that can be used');
    if (localName === 'button' && element.className !== 'copy-code') note(element, 'a button of its own');
    for (const { name, value } of element.attributes) {
      if (!VALUES[name]?.(value, element)) note(element, `<${localName} ${name}=${JSON.stringify(value)}>`);
    }
    if (localName === 'a') inspectLink(element);
  }

  function inspectLink(link) {
    if (!['http:', 'https:', 'mailto:'].includes(link.protocol)) note(link, `an address ${link.protocol}`);
    if (link.target !== '_blank' || !link.relList.contains('noopener') || !link.relList.contains('noreferrer')) note(link, 'a link that takes us along');
  }

  /** What came and went between two looks counts, too. */
  const watcher = new MutationObserver((records) => {
    for (const { target, addedNodes, type } of records) {
      const isReply = target.closest?.('.reply');
      if (type === 'attributes' && isReply && !target.matches('.reply')) inspect(target);
      for (const node of addedNodes) {
        if (node instanceof Text && isReply && CONTROLS.test(node.data)) note(target, 'a control character, for a while');
        if (target.closest?.('[aria-live=polite], [role=alert]')) inspectText(target, 'what is read out');
        if (node instanceof Element) for (const element of [node, ...node.querySelectorAll('*')]) if (isReply || element.closest('.reply *')) inspect(element);
      }
    }
  });
  if (isStrict) {
    watcher.observe(document, { subtree: true, childList: true, attributes: true });
    window.requestAnimationFrame = (run) => setTimeout(run, 0);
  }

  addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => note(null, `a violation: ${effectiveDirective} ${blockedURI}`));
  for (const name of ['alert', 'confirm', 'prompt', 'print', 'open']) window[name] = () => note(null, `called ${name}`);

  function inspectText(element, where) {
    const text = element.textContent;
    const control = CONTROLS.exec(text)?.[0];
    if (control) note(element, `${where} holds U+${control.codePointAt(0).toString(16)}`);
    if (text.includes('[native code]')) note(element, `${where} holds a function`);
  }

  function inspectLayout(reply) {
    const texts = document.createTreeWalker(reply, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) if (TOWER.test(texts.currentNode.data)) note(reply, 'a tower of marks');
    for (const element of reply.querySelectorAll('*')) {
      const { position, zIndex } = getComputedStyle(element);
      if (position !== 'static' || zIndex !== 'auto') note(reply, `<${element.localName}> is ${position}`);
    }
    const { overflowX } = getComputedStyle(reply.closest('.log'));
    if (overflowX !== 'hidden' && reply.scrollWidth > reply.clientWidth) note(reply, 'the conversation scrolls sideways');
  }

  window.hostile = {
    /** Everything wrong so far and now, as `[which reply, what]`. */
    look() {
      if (window.hacked !== undefined) note(null, 'hacked');
      for (const reply of document.querySelectorAll('.reply')) {
        reply.querySelectorAll('*').forEach(inspect);
        inspectText(reply, 'the reply');
        inspectLayout(reply);
      }
      for (const live of document.querySelectorAll('[aria-live=polite], [role=alert]')) inspectText(live, 'what is read out');
      return [...seen].map((line) => line.split('\t'));
    },
  };
}
