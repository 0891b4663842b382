// A chart in a card of its own, with its rows and its files. What draws it is loaded with the first one.
import { fill } from '../panel/strings/index';
import { drawing, make, textButton } from '../panel/view/elements';
import type { Drawn, drawn } from './chart/main';
import { fetchCsv, fileName, saveButton } from './files';
import type { Stage } from './stage';
import type { Chart, Evidence, Step } from './steps';
import { dataTable } from './table';

/** Where the build has put it, beside this script. */
declare const CHARTS: string;

const DOWNLOAD = 'M12 4v11M7.5 11L12 15.500l4.500-4.500M5 19.500h14';

export function chartFigure(replyId: string, step: Step, evidence: Evidence, chart: Chart, stage: Stage): HTMLElement {
  const { words, values } = stage;
  const title = values.plain(chart.title, 300);
  const rows = make('div', 'chart-rows');
  const caption = make('figcaption', 'chart-title', title);
  const place = make('div', 'chart-place is-empty');
  const tools = make('div', 'chart-tools', rowsButton(rows, evidence, title, stage));
  const note = evidence.truncated ? [make('p', 'proof-note', fill(words.proofFirst, { count: values.text(evidence.rows.length) }))] : [];
  const figure = make('figure', 'chart', caption, place, ...note, rows, tools);
  const show = (picture: Drawn | null): void => {
    place.replaceWith(...(picture?.nodes ?? [make('p', 'proof-note', words.chartEmpty)]));
    const csv = saveAs('CSV', title, () => fetchCsv(stage, replyId, step.id), stage);
    if (picture) tools.append(drawing(DOWNLOAD), ...saveAs('PNG', title, picture.png, stage), ...saveAs('SVG', title, picture.svg, stage), ...csv);
    else tools.remove();
  };
  caption.dir = 'auto';
  // Without a picture the rows still say what it would have shown.
  const load = import(CHARTS) as Promise<{ drawn: typeof drawn }>;
  load.then((charts) => show(charts.drawn(chart, evidence, stage))).catch(() => (place.remove(), tools.querySelector('button')?.click()));
  return figure;
}

function rowsButton(rows: HTMLElement, evidence: Evidence, title: string, stage: Stage): HTMLElement {
  const button = textButton('text-button', stage.words.chartTable);
  rows.hidden = true;
  button.setAttribute('aria-expanded', 'false');
  button.addEventListener('click', () => {
    if (!rows.childElementCount) rows.append(...dataTable(evidence, title, stage));
    rows.hidden = !rows.hidden;
    button.setAttribute('aria-expanded', String(!rows.hidden));
  });
  return button;
}

function saveAs(format: string, title: string, file: () => Promise<Blob>, stage: Stage): HTMLElement[] {
  const [button, note] = saveButton(format, fileName([title], format.toLowerCase()), file, stage);
  button.setAttribute('aria-label', fill(stage.words.chartSave, { format }));
  return [button, note];
}
