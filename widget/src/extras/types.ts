// What the panel hands over, and what the server says back.
export type { LeadField, LeadForm } from '../panel/config';
export type { Problem } from '../panel/conversation';
