// What can be said about an entry before the server has seen it. Lenient on purpose: the server decides, and a right
// address refused here could not be sent at all.
import type { LeadField } from './types';

/** The key of the sentence that tells the visitor. */
export type Complaint = 'leadMissing' | 'leadEmailWrong' | 'leadPhoneWrong';

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
/** Five to twenty digits of any script (phone keyboards of Arabic or Hindi type their own), and what people put between. */
const PHONE = /^(?:[+()./\s-]*\p{Nd}){5,20}[+()./\s-]*$/u;

export function complaintAbout(field: Pick<LeadField, 'type' | 'required'>, entry: string): Complaint | null {
  const text = entry.trim();
  if (!text) return field.required ? 'leadMissing' : null;
  if (field.type === 'email' && !EMAIL.test(text)) return 'leadEmailWrong';
  if (field.type === 'tel' && !PHONE.test(text)) return 'leadPhoneWrong';
  return null;
}
