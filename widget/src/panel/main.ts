// Starts the panel: reads the page's configuration, builds the view, connects it to the chat and to the host page.
import { Chat } from './chat';
import { readConfig } from './config';
import { Host } from './host';
import { pointerStore } from './storage';
import { directionOf } from './strings/index';
import { Panel } from './view/panel';

const owner = document.getElementById('alcove-config')?.textContent ?? '';
const config = readConfig(owner, location.hash);
document.documentElement.dir = directionOf(config.locale);

const isFramed = window.parent !== window;
const panel = new Panel(config.strings, config, isFramed);
const chat = new Chat({
  bot: config.bot,
  store: pointerStore(config.bot, (text) => host.keep(text)),
  listener: panel,
  context: () => host.pageConfig(),
});
panel.connect(chat);
const host = new Host(config.allowedOrigins, panel);
panel.attach(host);
void chat.load();
