// How a reply was computed, below it: charts at once, the steps behind a button.
import { fill } from '../panel/strings/index';
import { drawing, make, textButton } from '../panel/view/elements';
import { chartFigure } from './figure';
import { fetchCsv, fileName, saveButton } from './files';
import type { Stage } from './stage';
import type { Evidence, Step } from './steps';
import { dataTable } from './table';
import { plain } from './values';

const CHEVRON = 'M9 6l6 6-6 6';
let proofs = 0;

export function chartsOf(replyId: string, steps: Step[], stage: Stage): HTMLElement[] {
  return steps.flatMap((step) => (step.evidence?.chart ? [chartFigure(replyId, step, step.evidence, step.evidence.chart, stage)] : []));
}

/** The steps are made when they are first asked for. */
export function proofView(replyId: string, steps: Step[], stage: Stage): HTMLElement[] {
  const list = make('ol', 'proof-steps');
  const toggle = textButton('text-button proof-toggle', drawing(CHEVRON), stage.words.proof);
  list.id = `proof-${(proofs += 1)}`;
  list.hidden = true;
  toggle.setAttribute('aria-expanded', 'false');
  toggle.setAttribute('aria-controls', list.id);
  toggle.addEventListener('click', () => {
    if (!list.childElementCount) list.append(...steps.map((step) => stepView(replyId, step, stage)));
    list.hidden = !list.hidden;
    toggle.setAttribute('aria-expanded', String(!list.hidden));
  });
  return [toggle, list];
}

function stepView(replyId: string, step: Step, stage: Stage): HTMLElement {
  const { evidence, source = '' } = step;
  const purpose = make('p', 'proof-purpose', plain(evidence?.purpose || source || step.title));
  purpose.dir = 'auto';
  if (!evidence || step.status !== 'done') return make('li', 'proof-step is-failed', purpose, ...failure(step, stage));
  const origin = make('p', 'proof-note', make('bdi', '', plain(source, 300)));
  const name = fileName([source.replace(/\.\w{1,5}$/, ''), evidence.purpose], 'csv');
  const save = saveButton(stage.words.downloadCsv, name, () => fetchCsv(stage, replyId, step.id), stage);
  return make('li', 'proof-step', purpose, ...(source ? [origin] : []), ...dataTable(evidence, plain(evidence.purpose, 200), stage), ...sqlView(evidence, stage), ...save);
}

/** A step that never came to an end has no reason to tell; other tools show nothing. */
function failure({ status, error }: Step, { words }: Stage): HTMLElement[] {
  if (status === 'done') return [];
  return [make('p', 'proof-note', error ? fill(words.proofFailed, { reason: `\u2068${plain(error, 300)}\u2069` }) : words.dataFailed)];
}

function sqlView({ sql }: Evidence, { words }: Stage): HTMLElement[] {
  if (!sql) return [];
  // The panel copies the code of every such figure.
  const bar = make('figcaption', '', make('span', '', 'SQL'), textButton('copy-code', words.copyCode));
  const text = make('pre', '', make('code', '', plain(sql, 10_000)));
  text.tabIndex = 0;
  text.dir = 'ltr';
  return [make('figure', 'code proof-sql', bar, text)];
}
