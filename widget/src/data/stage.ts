// What the proofs need of the panel.
import type { Pointer } from '../panel/memory';
import type { AllStrings } from '../panel/strings/index';
import type { Announcer } from '../panel/view/announcer';
import type { Values } from './values';

export interface Stage {
  words: AllStrings;
  announcer: Pick<Announcer, 'say' | 'alarm'>;
  /** Whose files these are. */
  sessions: { readonly current: Pointer | null };
  values: Values;
}
