// What a page in TypeScript may write, and what the types refuse. Nothing here runs: `tsc` reads it.
/// <reference path="../../alcove.d.ts" />

window.ChatbotConfig = { botName: 'Ada', botColor: '#0b7285', jsonData: [1, 2], somethingOlder: true };
// @ts-expect-error a colour is text
window.ChatbotConfig = { botColor: 7 };

window.Alcove?.('open');
Alcove('close');
Alcove('toggle');
Alcove('send', 'When are you open?');
Alcove('setContext', { product: 'desk lamp', price: { amount: 40 } });
Alcove('setContext', null);
Alcove('identify', { id: '7', email: 'ada@example.com' });
Alcove('identify', null);
Alcove('setTheme', 'host');
Alcove('setLocale', 'page');
Alcove('reset');
Alcove('destroy');
Alcove('sales.open');
Alcove('sales.send', 'Hello');
Alcove.q?.length;

Alcove('on', 'reply', ({ messageId, state }) => `${messageId.length} ${state.length}`);
Alcove('sales.on', 'unread', ({ count }) => count.toFixed());
Alcove('on', 'beforesend', (detail) => {
  detail.text = detail.text.trim();
  return detail.text !== '';
});
Alcove('off', 'close', () => undefined);
Alcove('on', 'ready', () => undefined);
Alcove('on', 'lead', ({ fields }) => fields.join());

// @ts-expect-error there is no such command
Alcove('opne');
// @ts-expect-error nor of a bot
Alcove('sales.opne');
// @ts-expect-error a message is text
Alcove('send', 7);
// @ts-expect-error and has to be given
Alcove('send');
// @ts-expect-error of a bot as well
Alcove('sales.send');
// @ts-expect-error opening takes nothing
Alcove('open', true);
// @ts-expect-error no such theme
Alcove('setTheme', 'blue');
// @ts-expect-error an identity has no such part
Alcove('identify', { nickname: 'Ada' });
// @ts-expect-error no such event
Alcove('on', 'opened', () => undefined);
// @ts-expect-error a listener is a function
Alcove('on', 'reply', 'log');
// @ts-expect-error a count is no text
Alcove('on', 'unread', ({ count }) => count.trim());
// @ts-expect-error events of replies carry no text
Alcove('on', 'reply', ({ text }) => text);
