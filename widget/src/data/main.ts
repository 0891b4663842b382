// What the panel loads when a reply was computed from data: says what is looked at, and shows how the answer came about.
import { isRunning, type Turn } from '../panel/conversation';
import { fill, type AllStrings } from '../panel/strings/index';
import { make } from '../panel/view/elements';
import styles from './data.css';
import { markNumbers } from './marks';
import { chartsOf, proofView } from './proof';
import type { Stage } from './stage';
import type { Step } from './steps';
import { plain, valuesIn } from './values';

const sheet = new CSSStyleSheet();
sheet.replaceSync(styles);
document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];

export class Proofs {
  readonly #stage: Stage;
  /** What has been read out of each turn. */
  readonly #said = new WeakMap<Turn, Set<string>>();
  /** How long the reply was when the step was told: what comes after it takes the place of the line. */
  readonly #toldAt = new WeakMap<Step, number>();
  readonly #shown = new WeakSet<Element>();

  constructor(words: AllStrings, locale: string, announcer: Stage['announcer'], sessions: Stage['sessions']) {
    this.#stage = { words, announcer, sessions, values: valuesIn(locale) };
  }

  /** Shows what there is to show now in the body of a turn; all the rest once the reply `isWhole`. */
  show(turn: Turn, body: Element, isWhole: boolean): void {
    if (isRunning(turn)) this.#showLine(turn, body);
    else if (isWhole && !this.#shown.has(body)) this.#showProof(turn, body);
  }

  #showLine(turn: Turn, body: Element): void {
    const step = turn.steps[turn.steps.length - 1];
    const line = body.querySelector('.writing');
    if (!step || !line || step.status === 'done') return;
    if (!this.#toldAt.has(step)) this.#toldAt.set(step, turn.bytes);
    if (this.#toldAt.get(step) !== turn.bytes) return;
    const text = this.#sentence(step);
    const label = make('span', 'tool', text);
    label.dir = 'auto';
    line.className = 'writing';
    line.lastElementChild?.replaceWith(label);
    this.#sayOnce(turn, `${step.id} ${step.status}`, text);
  }

  #sayOnce(turn: Turn, what: string, text: string): void {
    const said = this.#said.get(turn) ?? new Set();
    this.#said.set(turn, said);
    if (!said.has(what)) this.#stage.announcer.say(text);
    said.add(what);
  }

  #sentence({ name, status, source, title }: Step): string {
    const { words } = this.#stage;
    if (status === 'failed') return words.dataFailed;
    const sentences: Record<string, string> = { query_data: words.dataLooking, show_chart: words.dataDrawing };
    const sentence = sentences[name];
    return sentence && source ? fill(sentence, { source: `\u2068${plain(source, 200)}\u2069` }) : plain(String(title ?? name), 300);
  }

  #showProof(turn: Turn, body: Element): void {
    this.#shown.add(body);
    const { words } = this.#stage;
    // The newest that was told of each; a step without an id leaves nothing behind.
    const steps = [...new Map(turn.steps.map((step) => [step.id, step])).values()].filter(({ id }) => id);
    const reply = body.querySelector('.reply');
    const marked = reply ? markNumbers(reply, turn.unverified, words.notComputed) : 0;
    const note = make('p', 'proof-note not-computed-note', words.notComputedNote);
    const parts = [...(marked ? [note] : []), ...chartsOf(turn.replyId, steps, this.#stage), ...(steps.length ? proofView(turn.replyId, steps, this.#stage) : [])];
    if (parts.length) body.querySelector('.status')?.before(make('div', 'proof', ...parts));
  }
}
