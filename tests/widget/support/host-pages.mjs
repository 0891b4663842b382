// Pages of other people, as the widget meets them: strict policies, old libraries, resets, odd layouts, frameworks.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(new URL('../../../widget/package.json', import.meta.url));

/** Old jQuery as it is. Of Prototype.js the language part, from its port, and what its other half does to elements and
 *  its older versions to arrays; written in the order a page would load them. */
export const SCRIPTS = {
  '/jquery.js': () => readFileSync(require.resolve('jquery'), 'utf8'),
  '/prototype.js': () => {
    const { buildSync } = require('esbuild');
    const resolveDir = new URL('../../../widget', import.meta.url).pathname;
    const { outputFiles } = buildSync({ stdin: { contents: `require('prototype')`, resolveDir }, bundle: true, write: false, format: 'iife' });
    return outputFiles[0].text + OLDER_PROTOTYPE;
  },
};

const OLDER_PROTOTYPE = `
Array.prototype.reduce = function () { return this.length > 1 ? this : this[0]; };
Array.prototype.toJSON = function () { return '[' + this.map(function (item) { return JSON.stringify(item); }).join(', ') + ']'; };
var $ = function (element) { return typeof element === 'string' ? document.getElementById(element) : element; };
Element.prototype.remove = function () { this.parentNode.removeChild(this); return this; };
Element.prototype.toggle = function () { return this; };
Element.prototype.select = function (css) { return Array.from(this.querySelectorAll(css)); };
Element.prototype.update = function (text) { this.textContent = text; return this; };
Element.prototype.insert = function (text) { this.insertAdjacentText('beforeend', text); return this; };
Element.prototype.getAttribute = function (name) { var found = this.attributes[name]; return found ? found.value : null; };
window.checkPrototype = function () { return [typeof [].inject, [1, 2].reduce(function () {}).length, JSON.stringify([1])]; };
`;

const TALL = '<div style="height:3000px">Lamps</div>';

/** By address: what differs from the plain shop. `policy` is a Content-Security-Policy, `html` goes into that tag. */
export const hostPages = (scriptOrigin) => ({
  '/': {},
  '/strict': { policy: `default-src 'none'; script-src ${scriptOrigin}; frame-src ${scriptOrigin}` },
  '/trusted-types': { policy: `require-trusted-types-for 'script'; trusted-types 'none'` },
  '/strict-trusted': { policy: `default-src 'none'; script-src ${scriptOrigin}; frame-src ${scriptOrigin}; require-trusted-types-for 'script'; trusted-types 'none'` },
  '/no-referrer': { headers: { 'Referrer-Policy': 'no-referrer' } },
  '/nested': { body: `<iframe src="${scriptOrigin}/embed"></iframe>` },
  '/jquery': { head: '<script src="/jquery.js"></script>' },
  '/prototype': { head: '<script src="/prototype.js"></script>' },
  '/overflow-hidden': { head: '<style>html,body{height:100%;margin:0;overflow:hidden}main{height:100%;overflow:auto}</style>', body: TALL },
  '/transformed': { head: '<style>body{transform:translate(40px,30px) scale(.9);filter:grayscale(.2);perspective:500px;overflow:hidden;contain:layout;will-change:transform}</style>', body: TALL },
  '/reset': {
    head: `<style>
      *, *::before, *::after { all: revert !important; }
      body, body *, alcove-widget { margin: 9px !important; padding: 9px !important; position: relative !important; display: inline !important; float: left !important; transform: rotate(3deg) !important;
        background: yellow !important; color: lime !important; border: 3px solid red !important; font: 40px serif !important; width: 33px !important; height: 11px !important; z-index: -1 !important;
        opacity: .5 !important; visibility: hidden !important; pointer-events: none !important; clip-path: circle(3px) !important; max-height: 5px !important; }
      alcove-widget { top: 0 !important; left: 0 !important; }
      iframe, button { display: none !important; border: 9px solid red !important; }
    </style>`,
  },
  '/rtl': { html: 'lang="ar" dir="rtl"', head: '<style>*{direction:rtl;text-align:start}</style>' },
  '/dark': { head: '<style>html.dark body{background:#111;color:#eee}</style>', html: 'lang="en" class="dark"' },
  '/scheme': { head: '<meta name="color-scheme" content="light dark">' },
});
