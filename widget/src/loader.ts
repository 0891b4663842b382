// The script tag's program: a button, a frame on first use, and one global function `Alcove`.
import { start } from './loader/widget';

if (document.body) start();
else addEventListener('DOMContentLoaded', start);
