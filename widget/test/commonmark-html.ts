// Reads the specification's HTML into the tree that the parser builds, with the differences of form that hold everywhere
// taken out of both sides: docs/markdown.md tells them.
import type { Element } from './tree';

const PAGE = 'https://page.test/';

/** The panel refuses relative addresses, which the specification's examples are full of: from here on they are resolved. */
export function resolveAddresses(): void {
  globalThis.URL = class extends URL {
    constructor(address: string | URL, base: string | URL = PAGE) {
      super(address, base);
    }
  };
}

const TOKEN = /<(\/?)([a-z][a-z\d]*)((?:\s+[a-z-]+(?:="[^"]*")?)*)\s*\/?>|([^<]+|<)/gi;
const VOID = new Set(['br', 'hr', 'img', 'input']);
const CONTAINERS = new Set(['root', 'blockquote', 'ul', 'ol', 'li', 'table', 'tr']);
const BLOCKS = new Set(['p', 'ul', 'ol', 'blockquote', 'pre', 'table', 'hr', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6']);
const NAMED: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"' };

export function readHtml(html: string): Element {
  const root = make('root');
  const stack = [root];
  for (const [, closing, tag, attributes, text] of html.matchAll(TOKEN)) {
    const top = stack[stack.length - 1] as Element;
    if (text !== undefined) top.children.push(decode(text));
    else if (closing) stack.length = Math.max(1, stack.length - 1);
    else {
      const element = make(tag as string, readAttributes(attributes ?? ''));
      top.children.push(element);
      if (!VOID.has(element.tag)) stack.push(element);
    }
  }
  return root;
}

function make(tag: string, attributes: Record<string, string> = {}, children: Element['children'] = []): Element {
  return { tag, attributes, children, kept: 0 };
}

function readAttributes(text: string): Record<string, string> {
  return Object.fromEntries([...text.matchAll(/([a-z-]+)(?:="([^"]*)")?/gi)].map(([, name, value]) => [name, decode(value ?? '')]));
}

function decode(text: string): string {
  return text.replace(/&(\w+);/g, (all, name: string) => NAMED[name] ?? all);
}

/** The expected tree in the words of the parser. */
export function fromHtml(html: string): string {
  return write(translate(readHtml(html)));
}

export function fromTree(root: Element): string {
  return write(root);
}

function translate(element: Element): Element {
  const { tag, attributes, children } = element;
  if (tag === 'pre') return codeBlock(element);
  if (tag === 'img') return make('a', { href: attributes.src ?? '' }, [attributes.alt || address(attributes.src ?? '')]);
  const inner = children.flatMap((child) => {
    if (typeof child === 'string') return [child];
    if (child.tag === 'input') return ['checked' in child.attributes ? '☑' : '☐'];
    return /^t(head|body)$/.test(child.tag) ? child.children.filter((row) => typeof row !== 'string').map(translate) : [translate(child)];
  });
  if (/^h[1-6]$/.test(tag)) return make(tag, { level: tag.slice(1) }, inner);
  if (tag === 'a') return make('a', { href: attributes.href ?? '' }, inner);
  if (attributes.align) return make(tag, { align: { left: 'start', right: 'end' }[attributes.align] ?? attributes.align }, inner);
  return make(tag, attributes, inner);
}

function codeBlock(pre: Element): Element {
  const code = pre.children[0];
  if (typeof code !== 'object') return pre;
  const language = /^language-(.+)$/.exec(code.attributes.class ?? '')?.[1];
  return make('pre', language ? { language } : {}, code.children);
}

function address(text: string): string {
  try {
    return decodeURIComponent(new URL(text, PAGE).href);
  } catch {
    return text;
  }
}

/** One line per element or text, so that two trees can be compared and read. */
function write(element: Element, depth = 0): string {
  const indent = '  '.repeat(depth);
  return childrenOf(element)
    .map((child) => {
      if (typeof child === 'string') return `${indent}${JSON.stringify(child)}\n`;
      return `${indent}${nameOf(child)}\n${write(child, depth + 1)}`;
    })
    .join('');
}

function nameOf({ tag, attributes }: Element): string {
  if (attributes.level) return `h${attributes.level}`;
  const kept = Object.entries(attributes).filter(([name, value]) => value && ['href', 'align', 'start', 'language'].includes(name));
  return [tag, ...kept.map(([name, value]) => `${name}=${name === 'href' ? address(value) : value}`)].join(' ');
}

function childrenOf(element: Element): Element['children'] {
  const { tag } = element;
  let children = joined(element.children);
  if (tag === 'pre') return children;
  if (CONTAINERS.has(tag)) children = children.filter((child) => typeof child !== 'string' || child.trim());
  if (tag === 'li') children = paragraphs(children);
  children = children.map((child, at) => (typeof child === 'string' && isBreak(children[at - 1]) ? child.replace(/^\n/, '') : child));
  if (!BLOCKS.has(tag) && !['th', 'td', 'li'].includes(tag)) return children;
  return children.map((child, at) => (typeof child === 'string' && at === children.length - 1 ? child.trimEnd() : child)).filter((child) => child !== '');
}

function isBreak(child: Element | string | undefined): boolean {
  return typeof child === 'object' && child.tag === 'br';
}

function joined(children: Element['children']): Element['children'] {
  const found: Element['children'] = [];
  for (const child of children) {
    const last = found[found.length - 1];
    if (typeof child === 'string' && typeof last === 'string') found[found.length - 1] = last + child;
    else if (child !== '') found.push(child);
  }
  return found;
}

/** Items hold paragraphs: whether a list is loose is known only at its end, and looks the same in the panel. */
function paragraphs(children: Element['children']): Element['children'] {
  const found: Element['children'] = [];
  let open: Element | null = null;
  for (const child of children) {
    if (typeof child === 'object' && BLOCKS.has(child.tag)) {
      found.push(child);
      open = null;
    } else if (open) open.children.push(child);
    else found.push((open = make('p', {}, [typeof child === 'string' ? child.trimStart() : child])));
  }
  return found;
}
