// Line drawings on a field of 24 × 24.
import { drawing } from '../panel/view/elements';

const ICONS = {
  alert: 'M12 8v5M12 16.500v.1M12 3.500a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17z',
  back: 'M19 12H5M11 5.500L4.500 12l6.500 6.500',
  close: 'M7 7l10 10M17 7L7 17',
  table: 'M4 7a2 2 0 0 1 2-2h12a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2zM4 10h16M4 14.500h16M10 10v9',
};

export const icon = (name: keyof typeof ICONS): SVGSVGElement => drawing(ICONS[name]);
