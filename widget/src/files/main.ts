// What the panel loads when the first file comes, so that opening it stays small.
import styles from './files.css';

export { Files } from './files';

const sheet = new CSSStyleSheet();
sheet.replaceSync(styles);
document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
