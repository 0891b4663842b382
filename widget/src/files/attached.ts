// Files as the strip knows them, from what was chosen here and from what the server has.
import type { StoredFile } from './server';
import type { Attached } from './types';

const attach = (known: Pick<Attached, 'name' | 'sizeBytes'> & Partial<Attached>): Attached => ({
  state: 'waiting',
  share: 0,
  id: '',
  extents: [],
  problem: null,
  file: null,
  stop: new AbortController(),
  ...known,
});

export function attached(file: File): Attached {
  return attach({ name: file.name, sizeBytes: file.size, file });
}

export function stored({ fileId, fileName, fileSize, tables }: StoredFile): Attached {
  const extents = tables.map(({ rowCount = 0, columnCount, columns }) => ({ rowCount, columnCount: columnCount ?? columns?.length ?? 0 }));
  return attach({ name: fileName, sizeBytes: fileSize, state: 'ready', id: fileId, extents });
}
