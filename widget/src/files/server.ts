// What is asked of the server about files.
import type { Pointer } from '../panel/memory';
import type { Extent, Table } from './types';

/** As the server tells it. */
export interface StoredFile {
  fileId: string;
  fileName: string;
  fileSize: number;
  tables: (Partial<Table> & Partial<Extent>)[];
}

/** What came back: the file, or the body of a refusal. */
export type Uploaded = { file: StoredFile } | { refusal: Record<string, unknown> };

/** Sends a file and tells how much has left. XMLHttpRequest, since `fetch` tells nothing of that. */
export function upload(pointer: Pointer, file: File, signal: AbortSignal, progress: (share: number) => void): Promise<Uploaded> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    const form = new FormData();
    form.append('sessionId', pointer.sessionId);
    form.append('file', file);
    request.open('POST', '/api/files/upload');
    request.responseType = 'json';
    request.setRequestHeader('X-Visitor-Token', pointer.visitorToken);
    request.upload.addEventListener('progress', ({ loaded, total }) => progress(total && loaded / total));
    request.addEventListener('loadend', () => resolve(outcome(request)));
    signal.addEventListener('abort', () => request.abort());
    request.send(form);
  });
}

function outcome({ status, response }: XMLHttpRequest): Uploaded {
  if (status === 200 || status === 201) return { file: response as StoredFile };
  // Nothing came back.
  if (!status) return { refusal: { code: 'network' } };
  return { refusal: { ...(response as object | null), retryable: status >= 500 || status === 429 } };
}

/** Where the server keeps what is known of a file, or of all. */
export function addressOf({ sessionId }: Pointer, kind: '' | 'info/', id = ''): string {
  return `/api/files/${kind}${sessionId}${id && `?file=${id}`}`;
}
