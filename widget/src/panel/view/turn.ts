// One exchange: the visitor's soft bubble, and the bot's text like a page beneath it.
import { canRetry, isRunning, type Turn } from '../conversation';
import { DomSink } from '../markdown/dom';
import { MarkdownStream } from '../markdown/blocks';
import { errorSentence, fill, type Strings } from '../strings/index';
import { button, icon, make } from './elements';

export interface TurnActions {
  retry(turn: Turn): void;
  copy(text: string, from: HTMLElement): void;
}

export interface TurnContext {
  words: Strings;
  botName: string;
  picture: HTMLElement;
  actions: TurnActions;
}

export interface TurnView {
  node: HTMLElement;
  /** Takes a piece of the reply; it shows at the next `paint`. */
  write(text: string): void;
  paint(): void;
  update(): void;
}

export function turnView(turn: Turn, context: TurnContext): TurnView {
  const { words, botName } = context;
  const content = make('div', 'reply');
  const status = make('div', 'status');
  const reply = make('div', 'bot', context.picture, make('div', 'bot-body', hidden(fill(words.botSays, { name: botName })), content, status));
  const node = make('article', 'turn', ...(turn.question ? [visitorBubble(turn.question, words)] : []), reply);
  const sink = new DomSink(content, words);
  const markdown = new MarkdownStream(sink);
  let pending = turn.text;
  let hasEnded = false;
  content.dir = 'auto';

  const paint = (): void => {
    if (pending && !hasEnded) {
      markdown.push(pending);
      sink.flush();
      pending = '';
    }
    if (isRunning(turn) || hasEnded) return;
    hasEnded = true;
    markdown.end();
  };
  const update = (): void => {
    paint();
    node.classList.toggle('is-running', isRunning(turn));
    status.replaceChildren(...statusNodes(turn, context));
  };
  update();
  return { node, write: (text) => void (pending += text), paint, update };
}

function visitorBubble(question: string, words: Strings): HTMLElement {
  const text = make('div', 'bubble-text', question);
  text.dir = 'auto';
  return make('div', 'visitor', make('div', 'bubble', hidden(words.you), text));
}

function hidden(text: string): HTMLElement {
  return make('span', 'sr-only', `${text} `);
}

function statusNodes(turn: Turn, context: TurnContext): Node[] {
  const { words, botName } = context;
  if (isRunning(turn)) return [writing(turn.tool || (turn.text ? '' : fill(words.typing, { name: botName })), turn.tool !== '')];
  const nodes: Node[] = [];
  const note = noteFor(turn, words);
  if (note) nodes.push(note);
  const actions = actionsFor(turn, context);
  if (actions.length) nodes.push(make('div', 'actions', ...actions));
  return nodes;
}

function writing(label: string, isTool: boolean): HTMLElement {
  const dots = make('span', 'dots', make('i'), make('i'), make('i'));
  dots.setAttribute('aria-hidden', 'true');
  return make('div', label ? 'writing' : 'writing is-quiet', dots, make('span', isTool ? 'tool' : 'sr-only', label));
}

function noteFor(turn: Turn, words: Strings): HTMLElement | null {
  if (turn.problem) return make('p', 'note is-problem', icon('alert'), make('span', '', errorSentence(words, turn.problem)));
  if (turn.state === 'stopped') return make('p', 'note', words.stopped);
  if (turn.finishReason === 'length') return make('p', 'note', words.cutShort);
  if (turn.finishReason === 'blocked') return make('p', 'note', words.blocked);
  return null;
}

function actionsFor(turn: Turn, { words, actions }: TurnContext): HTMLElement[] {
  const found: HTMLElement[] = [];
  if (canRetry(turn)) {
    const retry = make('button', 'text-button', icon('retry'), words.retry);
    retry.type = 'button';
    retry.addEventListener('click', () => actions.retry(turn));
    found.push(retry);
  }
  if (turn.text) {
    const copy = button('icon-button is-small', words.copyReply, icon('copy'));
    copy.addEventListener('click', () => actions.copy(turn.text, copy));
    found.push(copy);
  }
  return found;
}
