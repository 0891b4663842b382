// What the panel hands over, and what the server says back.

export interface LeadField {
  key: string;
  label: string;
  type: 'text' | 'email' | 'tel' | 'textarea';
  required: boolean;
}

export interface LeadForm {
  when: 'before' | 'after' | 'demand';
  required: boolean;
  title: string;
  /** At most one `[text](address)` within. */
  consent: string;
  fields: LeadField[];
}

export interface Problem {
  code: string;
  message?: string;
  retryable: boolean;
  seconds?: number | undefined;
  /** What is wrong with single fields of what was sent. */
  fields?: Record<string, string[]>;
}
