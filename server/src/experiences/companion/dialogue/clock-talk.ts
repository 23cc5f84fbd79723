import type { Rule, RuleTurn } from './rule.ts';

const DAY_MS = 24 * 60 * 60_000;

const TIME = {
  ko: /몇시(?!간|까지|에)|시간(?:이|은)?(?:어떻게|몇|좀알|알려)|시각/,
  en: /\b(?:what time|what's the time|the time now|tell me the time|time is it)\b/,
} as const;
const DATE = {
  ko: /(?:몇월|며칠|몇일)(?!.*(?:남|동안|걸|됐|전|뒤|후))|날짜/,
  en: /\b(?:what(?:'s| is) (?:the date|today's date|tomorrow's date)|which date|what date|the date (?:today|tomorrow))\b/,
} as const;
const WEEKDAY = { ko: /(?:무슨|몇)요일/, en: /\b(?:what|which) day\b/ } as const;
const YEAR = { ko: /(?:몇년도|올해가몇년|올해는몇년|무슨해)/, en: /\b(?:what|which) year\b/ } as const;

/** Days from today, by the word for it. */
const DAYS = [
  ['companion.day.after_tomorrow', 2, /모레/, /\bday after tomorrow\b/],
  ['companion.day.tomorrow', 1, /내일/, /\btomorrow/],
  ['companion.day.yesterday', -1, /어제/, /\byesterday/],
  ['companion.day.today', 0, /^/, /^/],
] as const;

/** Time, date, day of the week and year, where the server is told to be. */
export const clockTalk: Rule = (turn) => {
  const { language, plain, say, now, timeZone } = turn;
  if (TIME[language].test(plain)) return { text: say('companion.time', { time: timeOf(turn) }) };
  const asksDate = DATE[language].test(plain);
  if (asksDate || WEEKDAY[language].test(plain)) {
    const [day, days] = DAYS.find((entry) => entry[language === 'ko' ? 2 : 3].test(plain))!;
    const at = now + days * DAY_MS;
    const weekday = format(turn, { weekday: 'long' }, at);
    const date = format(turn, { month: 'long', day: 'numeric' }, at);
    return { text: say(asksDate ? 'companion.date' : 'companion.weekday', { day: say(day), date, weekday }) };
  }
  if (!YEAR[language].test(plain)) return null;
  const year = new Intl.DateTimeFormat('en', { timeZone, year: 'numeric' }).format(now);
  return { text: say('companion.year', { year }) };
};

/** `오후 6시 5분`, `6:05 PM`; without minutes at the full hour in Korean. */
function timeOf(turn: RuleTurn): string {
  const { language, now, timeZone } = turn;
  if (language === 'en') return format(turn, { hour: 'numeric', minute: '2-digit', hour12: true }, now);
  const clock = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const [hour = 0, minute = 0] = clock.format(now).split(':').map(Number);
  const half = hour < 12 ? '오전' : '오후';
  const minutes = minute === 0 ? '' : ` ${minute}분`;
  return `${half} ${hour % 12 === 0 ? 12 : hour % 12}시${minutes}`;
}

function format({ language, timeZone }: RuleTurn, options: Intl.DateTimeFormatOptions, at: number): string {
  const locale = language === 'ko' ? 'ko-KR' : 'en-US';
  // Newer tables of locales put a narrow space before AM and PM.
  return new Intl.DateTimeFormat(locale, { ...options, timeZone }).format(at).replaceAll(/\s/g, ' ');
}
