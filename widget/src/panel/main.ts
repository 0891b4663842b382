// Starts the panel: reads the page's configuration, builds the view, connects it to the chat and to the host page.
import { Chat } from './chat';
import { readConfig } from './config';
import { Host } from './host';
import { HostCommands } from './host-commands';
import { openMemory } from './memory';
import { Sessions } from './sessions';
import { directionOf } from './strings/index';
import { Panel } from './view/panel';

const owner = document.getElementById('alcove-config')?.textContent || '{}';
const config = readConfig(owner, location.hash);
document.documentElement.lang = config.locale;
document.documentElement.dir = directionOf(config.locale);

const panel = new Panel(config, window.parent !== window);
const memory = openMemory(config.bot, (text) => host.keep(text), () => chat.follow());
const sessions = new Sessions(config.bot, memory, (sessionId) => host.sessionCreated(sessionId));
const chat = new Chat(sessions, panel, () => host.pageConfig());
const host = new Host(config.allowedOrigins, new HostCommands(config, panel, chat));
Object.assign(sessions.config, config.hostConfig);
if (config.userIdentifier) sessions.identify({ id: config.userIdentifier });
panel.connect(chat, host);
void chat.load();

addEventListener('online', () => chat.wake());
addEventListener('pageshow', ({ persisted }) => persisted && chat.wake());
document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && chat.wake());
