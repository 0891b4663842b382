// A file of the conversation, and what the server says about the tables in it.
import type { Problem } from '../panel/conversation';

export type Cell = string | number | null;

/** What the server has found out about a column. */
export interface Column {
  name: string;
  type: string;
  /** Why `type` may be wrong. */
  doubt?: string;
  unit?: string;
  nulls: number;
  distinct: number;
  min?: Cell;
  max?: Cell;
  mean?: number;
  /** Values with how often they occur, most frequent first. */
  top: [string, number][];
  /** Counts that show how the values are spread. */
  spread: number[];
}

export interface Table {
  name: string;
  source: string;
  rowCount: number;
  columns: Column[];
  sample: Cell[][];
  notes: string[];
}

export interface Extent {
  rowCount: number;
  columnCount: number;
}

/** A file on its way, or there. */
export interface Attached {
  name: string;
  sizeBytes: number;
  state: 'waiting' | 'sending' | 'ready' | 'failed';
  /** How much of it has left, 0 to 1. */
  share: number;
  /** Its name on the server, once it is there. */
  id: string;
  /** How large its tables are. */
  extents: Extent[];
  problem: Problem | null;
  /** What was chosen here, as long as it may have to be sent. */
  file: File | null;
  stop: AbortController;
}
