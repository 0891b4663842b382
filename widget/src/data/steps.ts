// How a reply was computed, as the server tells it.

export type Cell = string | number | null;
export type ChartKind = 'bar' | 'line' | 'area' | 'pie' | 'scatter' | 'histogram';

/** Columns are named by their place in the result. */
export interface Chart {
  kind: ChartKind;
  title: string;
  x: number;
  /** Empty for a histogram. */
  y: number[];
  xLabel: string;
  yLabel: string;
}

export interface Result {
  columns: string[];
  rows: Cell[][];
  /** There are more rows than these. */
  truncated: boolean;
}

export interface Evidence extends Result {
  /** The query in plain words. */
  purpose: string;
  sql: string;
  chart?: Chart;
}

/** One use of a tool. */
export interface Step {
  id: string;
  name: string;
  status: 'running' | 'done' | 'failed';
  /** One line in English, for tools without words of their own. */
  title: string;
  source?: string;
  evidence?: Evidence;
  error?: string;
}
