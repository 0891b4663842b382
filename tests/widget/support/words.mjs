// All that the widget says in a language.
import { readFileSync } from 'node:fs';

const read = (file) => JSON.parse(readFileSync(new URL(`../../../widget/src/panel/strings/${file}.json`, import.meta.url), 'utf8'));

export const wordsOf = (language) => ({ ...read(language), ...read(`more/${language}`) });
