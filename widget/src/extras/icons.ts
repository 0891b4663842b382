// Icons of what is loaded later, drawn like the panel's.
import { drawing } from '../panel/view/elements';

export const ICONS = {
  list: 'M9 6.5h11M9 12h11M9 17.5h11M4.5 6.5h.1M4.5 12h.1M4.5 17.5h.1',
  download: 'M12 4v11M7 10.5l5 5 5-5M4.5 20h15',
  trash: 'M4.5 7h15M9 7V5.5A1.5 1.5 0 0 1 10.5 4h3A1.5 1.5 0 0 1 15 5.5V7M6.5 7l.7 11.1A2 2 0 0 0 9.2 20h5.6a2 2 0 0 0 2-1.9L17.5 7M10 11v5M14 11v5',
  expand: 'M14 4.5h5.5V10M19.5 4.5L13.5 10.5M10 19.5H4.5V14M4.5 19.5l6-6',
  shrink: 'M19 10.5h-5.5V5M13.5 10.5l6-6M5 13.5h5.5V19M10.5 13.5l-6 6',
  back: 'M19 12H5M11.5 5.5L5 12l6.5 6.5',
};

export const icon = (name: keyof typeof ICONS): SVGSVGElement => drawing(ICONS[name]);
