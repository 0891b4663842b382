// What the panel loads only when somebody needs it, so that opening it stays small.
import styles from './extras.css';

export { Cards } from './cards';
export { commentCard } from './comment';
export { conversationSheet } from './conversations';
export { eraseCard } from './erase';
export { ICONS } from './icons';
export { leadCard } from './lead';
export { openMenu, type MenuItem } from './menu';
export { saveFile } from './save';
export type { LeadForm, Problem } from './types';

const sheet = new CSSStyleSheet();
sheet.replaceSync(styles);
document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
