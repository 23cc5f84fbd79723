/** What the customer's own words ask for of a payment. */
export type PaymentWish =
  /** A way to pay, clearly named and wanted. */
  | { readonly type: 'pay'; readonly method: 'card' | 'mobile_pay' | 'cash' | 'counter' }
  | { readonly type: 'cancel' };

/** Words are compared without spaces: recognition puts them anywhere. */
const korean = {
  card: /카드/g,
  mobile_pay:
    /(?:카카오|네이버|삼성|애플|구글|제로|토스|엘지)페이|페이코|모바일|휴대폰|핸드폰|폰으로|큐알|바코드|qr/g,
  cash: /현금|지폐|동전/g,
  counter: /카운터|계산대|데스크/g,
} as const;

const english = {
  card: /\bcards?\b/g,
  mobile_pay: /\b(?:kakao|naver|samsung|apple|google|toss) ?pay\b|\bmobile\b|\bphone\b|\bqr\b|\bbar ?code\b/g,
  cash: /\bcash\b/g,
  counter: /\b(?:counter|desk|register|till)\b/g,
} as const;

type Method = keyof typeof korean;

/** 카드 말고, 카드는 안 되고, 카드가 없어서: named, and not wanted. */
const NOT_WANTED_KO =
  /^(?:결제|계산)?(?:로|으로|에서)?(?:는|은|이|가|도)?(?:하지)?(?:말고|말구|대신|아니|안|못|없|빼고|취소)/;
const NOT_WANTED_EN = /\b(?:not|instead of|rather than|without|no|don't|do not|can't)(?: \w+){0,3} ?$/;
/** 카드 돼요?, 카드로 할 수 있어요?: wants to know, not to pay. */
const ASKS_KO =
  /(?:[되돼](?:나|요|냐|니(?!까)|죠|지요|는지|는가)|될까|됩니까|가능|(?<!여기)있(?:어|나|습|을까|는지)|받(?:나|아요|으시|는지)|인가|일까|얼마|뭐|무슨|어떤|왜|언제)/;
const ASKS_EN = /^(?:is|are|do|does|did|what|which|why|when|how)\b|\b(?:possible|accept)\b/;
const CANCELS_KO = /취소|그만|중단|중지|멈춰|멈추|관둘|관두|안할|안낼|하지마|하지말(?!고)|안하(?!고)/;
const NOT_CANCELS_KO = /취소(?:하지|안|말|는?아니)/;
const CANCELS_EN = /\b(?:cancel|stop|abort|never ?mind)\b/;
const NOT_CANCELS_EN = /\b(?:don't|do not|not) (?:cancel|stop)\b/;

/**
 * Reads how somebody wants to pay, from their own words and by rules alone: this is what a charge is begun by. Null where that
 * is not clear: no way named, several, one that is only asked about or is not wanted.
 */
export function readPaymentWish(text: string): PaymentWish | null {
  const words = text.toLowerCase().normalize('NFC');
  const packed = words.replaceAll(/[\s,.!~'"‘’“”]/g, '');
  if (cancels(words, packed)) return { type: 'cancel' };
  if (ASKS_KO.test(packed) || ASKS_EN.test(words.trim()) || /\?\s*$/.test(words)) return null;
  const wanted = (Object.keys(korean) as Method[]).filter(
    (method) =>
      names(packed, korean[method], (_, after) => NOT_WANTED_KO.test(after)) ||
      names(words, english[method], (before) => NOT_WANTED_EN.test(before)),
  );
  const [method] = wanted;
  return wanted.length === 1 && method !== undefined ? { type: 'pay', method } : null;
}

function cancels(words: string, packed: string): boolean {
  if (CANCELS_KO.test(packed) && !NOT_CANCELS_KO.test(packed)) return true;
  return CANCELS_EN.test(words) && !NOT_CANCELS_EN.test(words);
}

/** True when `name` stands in `text` at least once without what makes it unwanted. */
function names(text: string, name: RegExp, isUnwanted: (before: string, after: string) => boolean): boolean {
  return [...text.matchAll(name)].some(
    (found) => !isUnwanted(text.slice(0, found.index), text.slice(found.index + found[0].length)),
  );
}
