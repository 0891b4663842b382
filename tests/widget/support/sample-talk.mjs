// What is said in the pictures of the gallery.
import { wordsOf } from './words.mjs';

const HEAD = '<style>body{margin:0;font:17px/1.6 Georgia,serif;color:#2b2b2b;background:#f4f1ea}main{max-width:720px;margin:0 auto;padding:64px 24px}h1{font-size:44px;line-height:1.1}</style>';

export const ENGLISH = {
  words: wordsOf('en'),
  bot: 'Ada',
  attributes: '',
  head: HEAD,
  welcome: 'Hi! I know this shop. What can I help you with?',
  suggestions: ['Where is my order?', 'When are you open?', 'How do I return something?'],
  question: 'When are you open?',
  reply: `We open **Monday to Saturday**; the [opening hours](https://example.com/hours) differ a little:

| Day | Opens | Closes |
|---|--:|--:|
| Monday to Friday | 9:00 | 18:30 |
| Saturday | 10:00 | 16:00 |

To order:

1. Pick a lamp
2. Pay by card or *invoice*

\`\`\`js
const lamp = await pick('desk lamp');
\`\`\`

Orders before noon ship the same day.`,
  next: 'And on public holidays?',
  nextReply: 'On public holidays the shop is **closed**. The web shop is open all the same.',
  followUps: ['Which holidays are these?', 'When do you ship then?'],
  computed: {
    question: 'How did the year go?',
    answer: 'The shop sold **1,462 lamps** in 2024, most of them in *Zurich*. Some 300 went to other countries.',
    unproved: ['300'],
    purpose: 'Lamps sold and revenue in each city in 2024',
    source: 'sales-2024.csv',
    columns: ['city', 'lamps', 'revenue'],
    cities: ['Zurich', 'Geneva', 'Basel', 'Lausanne', 'St. Gallen'],
    titles: { bar: 'Revenue by city', line: 'Lamps sold, month by month', area: 'Lamps in stock', pie: 'Where lamps were sold', scatter: 'Price and lamps sold', histogram: 'How old lamps get' },
    series: ['month', 'Desk lamps', 'Floor lamps'],
    axes: { revenue: 'Revenue (CHF)', lamps: 'Lamps', price: 'Price (CHF)', years: 'Years', city: 'City' },
  },
};

export const ARABIC = {
  words: wordsOf('ar'),
  bot: 'آدا',
  attributes: 'data-locale="ar" data-position="left"',
  head: HEAD,
  welcome: 'مرحبًا! أعرف هذا المتجر جيدًا. كيف يمكنني مساعدتك؟',
  suggestions: ['أين طلبي؟', 'متى تفتحون؟', 'كيف أعيد منتجًا؟'],
  question: 'متى تفتحون؟',
  reply: `نفتح من **الاثنين إلى السبت**، وتختلف [ساعات العمل](https://example.com/hours) قليلًا:

| اليوم | يفتح | يغلق |
|---|--:|--:|
| من الاثنين إلى الجمعة | 9:00 | 18:30 |
| السبت | 10:00 | 16:00 |

للطلب:

1. اختر مصباحًا
2. ادفع بالبطاقة أو *بفاتورة*

\`\`\`js
const lamp = await pick('desk lamp');
\`\`\`

تُشحن الطلبات قبل الظهر في اليوم نفسه.`,
  next: 'وفي أيام العطل الرسمية؟',
  nextReply: 'في أيام العطل الرسمية يكون المتجر **مغلقًا**، لكن المتجر الإلكتروني مفتوح.',
  followUps: ['ما هي هذه العطل؟', 'متى تشحنون إذن؟'],
  computed: {
    question: 'كيف كانت السنة؟',
    answer: 'باع المتجر **1,462 مصباحًا** في عام 2024، معظمها في *زيورخ*. وذهب نحو 300 منها إلى بلدان أخرى.',
    unproved: ['300'],
    purpose: 'المصابيح المباعة والإيرادات في كل مدينة في عام 2024',
    source: 'sales-2024.csv',
    columns: ['المدينة', 'المصابيح', 'الإيرادات'],
    cities: ['زيورخ', 'جنيف', 'بازل', 'لوزان', 'سانت غالن'],
    titles: { bar: 'الإيرادات حسب المدينة', line: 'المصابيح المباعة شهريًا', area: 'المصابيح في المخزن', pie: 'أين بيعت المصابيح', scatter: 'السعر وعدد المصابيح المباعة', histogram: 'كم تعيش المصابيح' },
    series: ['الشهر', 'مصابيح مكتب', 'مصابيح أرضية'],
    axes: { revenue: 'الإيرادات (فرنك)', lamps: 'المصابيح', price: 'السعر (فرنك)', years: 'السنوات', city: 'المدينة' },
  },
};
