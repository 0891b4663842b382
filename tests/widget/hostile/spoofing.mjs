// Text that says one thing and is another: addresses, and the chat's own looks. Where `shows` is given, the reader has
// to see that host beside the link.

const claim = (name, text, address, shows) => ({ name, text: `[${text}](${address})`, shows });

const CLAIMS = [
  claim('another host', 'https://bank.example', 'https://evil.example/', 'evil.example'),
  claim('another host without a scheme', 'bank.example', 'https://evil.example/', 'evil.example'),
  claim('another host with a path', 'www.bank.example/login?next=1', 'https://evil.example/login', 'evil.example'),
  claim('another host in capitals', 'HTTPS://BANK.EXAMPLE/LOGIN', 'https://evil.example/', 'evil.example'),
  claim('another port', 'https://bank.example', 'https://bank.example.evil.example:8443/', 'bank.example.evil.example:8443'),
  claim('the host as a part of another', 'https://bank.example', 'https://bank.example.evil.example/', 'bank.example.evil.example'),
  claim('the host at the end of another', 'https://bank.example', 'https://evilbank.example/', 'evilbank.example'),
  claim('the host with a hyphen', 'bank.example', 'https://bank-example.evil.example/', 'bank-example.evil.example'),
  claim('the host in a path', 'https://bank.example', 'https://evil.example/https://bank.example/', 'evil.example'),
  claim('the host in a fragment', 'https://bank.example', 'https://evil.example/#bank.example', 'evil.example'),
  claim('another host in strong text', '**https://bank.example**', 'https://evil.example/', 'evil.example'),
  claim('another host in code', '`https://bank.example`', 'https://evil.example/', 'evil.example'),
  claim('another host in parts', 'https://*bank*.example', 'https://evil.example/', null),
  claim('another host by reference', 'https&#58;//bank&period;example', 'https://evil.example/', null),
  claim('another host over two lines', 'https://bank.example/\nlogin', 'https://evil.example/', 'evil.example'),
  claim('another host with a title', 'https://bank.example', 'https://evil.example/ "https://bank.example"', 'evil.example'),
  claim('a bad address for another host', 'https://bank.example', 'http://127.0.0.1:9/', '127.0.0.1:9'),
  { name: 'another host for a picture', text: '![https://bank.example/logo.png](https://evil.example/pixel.png)', shows: 'evil.example' },
  { name: 'another host for a picture in a link', text: '[![https://bank.example](https://bank.example/a.png)](https://evil.example/)', shows: 'evil.example' },
  claim('another host in a sentence', 'Sign in at https://bank.example now', 'https://evil.example/', 'evil.example'),
  claim('another host with zero width in it', 'bank\u200b.example', 'https://evil.example/', 'evil.example'),
  claim('another host with tag characters in it', 'ban\u{e0041}k.example', 'https://evil.example/', 'evil.example'),
  claim('another host with a soft hyphen in it', 'https://bank\u00ad.example', 'https://evil.example/', 'evil.example'),
  claim('another host in letters of its own', 'https://b\u00e4nk.example', 'https://evil.example/', 'evil.example'),
  claim('another host in numbers', 'http://192.0.2.1/', 'https://evil.example/', 'evil.example'),
  claim('a name before the host', 'the bank', 'https://bank.example@evil.example/', 'evil.example'),
  claim('a name and a password before the host', 'the bank', 'https://bank.example:443@evil.example/', 'evil.example'),
  claim('a name of escapes before the host', 'the bank', 'https://bank.example%2F@evil.example/', 'evil.example'),
  claim('a name of slashes before the host', 'the bank', 'https://bank.example\\\\@evil.example/', null),
  claim('an empty name before the host', 'the bank', 'https://@evil.example/', null),
  { name: 'a name before the host, bare', text: 'https://bank.example@evil.example/login', shows: 'evil.example' },
  { name: 'a name before the host, in angles', text: '<https://bank.example@evil.example/login>', shows: 'evil.example' },
  claim('a mail address that is a page', 'someone@bank.example', 'https://evil.example/', 'evil.example'),
  claim('mail that says more', 'help@bank.example', 'mailto:thief@evil.example?subject=Account&body=secret&bcc=all@evil.example', null),
];

const LOOKALIKES = [
  claim('Cyrillic letters', 'b\u0430nk.example', 'https://b\u0430nk.example/', null),
  claim('letters of another script for the host', 'https://bank.example', 'https://b\u0430nk.example/', 'xn--bnk-6cd.example'),
  claim('letters with dots for the host', 'https://bank.example', 'https://\u1e05ank.example/', 'xn--ank-xxy.example'),
  claim('full-width letters', 'https://bank.example', 'https://\uff45vil.example/', 'evil.example'),
  claim('numbers for an address', 'https://bank.example', 'http://2130706433/', '127.0.0.1'),
  claim('numbers of another base for an address', 'https://bank.example', 'http://0x7f.0.0.1/', '127.0.0.1'),
  claim('new numbers for an address', 'https://bank.example', 'http://[::1]/', '[::1]'),
  claim('a dot that is none', 'https://bank\u3002example', 'https://evil.example/', 'evil.example'),
  claim('a slash that is none', 'the bank', 'https://bank.example\u2044login.evil.example/', null),
  { name: 'a slash that is none, bare', text: 'https://bank.example\u2215login.evil.example/ https://bank.example\u29f8a.evil.example/', shows: null },
  claim('an encoded host', 'https://bank.example', 'https://%65vil.example/', 'evil.example'),
  claim('a host with a dot at its end', 'https://bank.example', 'https://evil.example./', 'evil.example.'),
];

const LOOKS = [
  { name: 'message of the visitor', text: '**You:** Yes, send the money.\n\n**Ada:** Sent.' },
  { name: 'notice of the chat', text: '> **Connection lost.** [Sign in again]({canary}/sign-in) to go on.' },
  { name: 'dialog', text: '| Alcove | \u2715 |\n|---|---|\n| Your session has ended. | |\n| [ OK ]({canary}/ok) | [ Cancel ]({canary}/cancel) |' },
  { name: 'button', text: '[**\u2003Update now\u2003**]({canary}/update)' },
  { name: 'field', text: 'Password: \\_\\_\\_\\_\\_\\_\\_\\_ [\u21b5]({canary}/password)' },
  { name: 'box that is ticked', text: '- [x] I agree to everything\n- [ ] I do not' },
  { name: 'distance that pushes the rest away', text: `Fine.${'\n\n\u00a0'.repeat(60)}\n\nSystem: pay now.` },
  { name: 'spaces that push the rest away', text: `Fine.${'\u2003'.repeat(400)}System: pay now.` },
  { name: 'breaks that push the rest away', text: `Fine.${'<br>'.repeat(200)}System: pay now.` },
  { name: 'rules that cut the page', text: `Fine.\n\n${'---\n\n'.repeat(40)}System: pay now.` },
  { name: 'line that is too wide', text: `${'\u2588'.repeat(2000)} ${'W'.repeat(2000)}` },
  { name: 'heading above all', text: '# ALCOVE SYSTEM MESSAGE\n\n###### small print\n\n# AGAIN' },
  { name: 'code that looks like the answer of a program', text: '```Verified by Alcove\nAll is well\n```' },
  { name: 'text that covers', text: '<div style="position:fixed;inset:0;z-index:2147483647;background:#fff">Sign in</div>' },
  { name: 'text that is not seen', text: '<span style="display:none">send the keys</span> <font color=white size=0>send the keys</font>' },
  { name: 'sign of trust', text: '\u2705 \u{1f512} **Verified** \u2713 bank.example' },
  { name: 'words of the server', text: '{"error":"Too many requests.","code":"rate_limited","retryAfterSeconds":9999}' },
  { name: 'placeholders of our words', text: '{name} {seconds} {count} {0} %s %d ${name} __ALCOVE_DEFAULTS__ "__ALCOVE_DEFAULTS__"' },
];

export const spoofing = [...CLAIMS, ...LOOKALIKES, ...LOOKS];
