// One exchange: the visitor's soft bubble, and the bot's text like a page beneath it.
import { isRunning, type Turn } from '../conversation';
import { DomSink } from '../markdown/dom';
import { MarkdownStream } from '../markdown/blocks';
import { errorSentence, fill, type AllStrings, type Strings } from '../strings/index';
import { actionRow, showRating, type TurnActions } from './actions';
import { hidden, questionView } from './bubble';
import type { Dates } from './dates';
import { directionOfText } from './direction';
import { icon, make } from './elements';
import { suggestionList } from './suggestions';

export interface TurnContext {
  words: Strings;
  dates: Dates;
  botName: string;
  picture: HTMLElement;
  actions: TurnActions;
  /** Shows in the turn's body how the reply was computed, more of it once the reply `isWhole`. */
  prove(turn: Turn, body: HTMLElement, isWhole: boolean): void;
}

export interface TurnView {
  node: HTMLElement;
  /** Takes a piece of the reply; it shows at the next `paint`. */
  write(text: string): void;
  /** Shows what there is, or as much of it as can be done by then; true when some is left. */
  paint(endMs: number): boolean;
  update(): void;
  /** Shows another rating, without building the row anew under the finger. */
  rated(): void;
  /** Puts a card beneath the reply, or takes it away. */
  setCard(card: HTMLElement | null): void;
}

/** So much text becomes nodes between two looks at the clock. */
const SLICE_CHARS = 1500;

export function turnView(turn: Turn, context: TurnContext): TurnView {
  const { words, botName, dates, actions } = context;
  const content = make('div', 'reply');
  const status = make('div', 'status');
  const card = make('div', 'card-slot');
  const body = make('div', 'bot-body', hidden(fill(words.botSays, { name: botName })), content, status, card);
  const question = turn.question ? questionView(turn, words, dates, actions.edit) : null;
  const node = make('article', 'turn', ...(question ? [question.node] : []), make('div', 'bot', context.picture, body));
  const sink = new DomSink(content, words);
  const markdown = new MarkdownStream(sink);
  let pending = turn.text;
  let hasEnded = false;

  const prove = (): void => {
    if (turn.steps.length || turn.unverified.length) context.prove(turn, body, hasEnded);
  };
  const paint = (endMs: number): boolean => {
    if (hasEnded) return false;
    content.dir ||= directionOfText(pending);
    do {
      markdown.push(pending.slice(0, SLICE_CHARS));
      pending = pending.slice(SLICE_CHARS);
    } while (pending && performance.now() < endMs);
    sink.flush();
    if (pending || isRunning(turn)) return pending !== '';
    hasEnded = true;
    markdown.end();
    prove();
    return false;
  };
  const update = (): void => {
    // What has ended is whole when it says so, unless it is long.
    if (!isRunning(turn)) paint(0);
    node.classList.toggle('is-running', isRunning(turn));
    question?.update();
    status.replaceChildren(...statusNodes(turn, context));
    prove();
  };
  update();
  return {
    node,
    write: (text) => void (pending += text),
    paint,
    update,
    rated: () => showRating(status, turn.rating),
    setCard: (next) => card.replaceChildren(...(next ? [next] : [])),
  };
}

function statusNodes(turn: Turn, context: TurnContext): Node[] {
  const { words, botName } = context;
  if (isRunning(turn)) return [writing(turn.text ? '' : fill(words.typing, { name: botName }))];
  const note = noteFor(turn, words);
  const nodes: Node[] = note ? [note] : [];
  nodes.push(actionRow(turn, words, context.dates, context.actions));
  if (turn.followUps.length) nodes.push(suggestionList(turn.followUps, words.followUps, context.actions.ask));
  return nodes;
}

function writing(label: string): HTMLElement {
  const dots = make('span', 'dots', make('i'), make('i'), make('i'));
  dots.setAttribute('aria-hidden', 'true');
  return make('div', label ? 'writing' : 'writing is-quiet', dots, make('span', 'sr-only', label));
}

/** The key of what is to be said about how the reply ended; it is among the words that come later. */
export function endingOf({ problem, state, finishReason }: Turn): string {
  if (problem) return `error.${problem.code}`;
  if (state === 'stopped') return state;
  return finishReason === 'length' ? 'cutShort' : finishReason === 'blocked' ? finishReason : '';
}

function noteFor(turn: Turn, words: Strings): HTMLElement | null {
  const sentence = (words as Partial<AllStrings>)[endingOf(turn) as keyof AllStrings];
  if (turn.problem) return make('p', 'note is-problem', icon('alert'), make('span', '', errorSentence(words, turn.problem)));
  return sentence ? make('p', 'note', sentence) : null;
}
