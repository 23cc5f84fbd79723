/** Signs that may end a sentence, with what closes after them. */
const END_SIGNS = /(?<sign>[.!?。！？…]+)["'”’)\]」』]*|\n+/g;

/** Titles and the like: what they belong to follows. */
const NEVER_END = /(?:^|[^\p{L}])(?:Mr|Mrs|Ms|Dr|Prof|St|Mt|Jr|Sr|vs|Fig|Vol|e\.g|i\.e|approx|cf)\.$/iu;
/** May end a sentence: then a capital or another script follows. */
const SELDOM_END = /(?:^|[^\p{L}])(?:etc|a\.m|p\.m|Inc|Ltd|Co|Corp|U\.S|U\.K)\.$/iu;
const NUMBER_WORD = /(?:^|[^\p{L}])No\.$/iu;
const INITIAL = /(?:^|[^\p{L}])[A-HJ-Z]\.$/u;
/** 1. 2) at the start of an entry of a list. */
const LIST_NUMBER = /^\s*\d{1,3}\.$/;
/** A Korean sentence, where the space after its full stop is missing. */
const KOREAN_END = /[다요죠까네]\.$/;
const ADDRESS = /:\/\/|^www\.|@/i;
const SPEAKABLE = /[\p{L}\p{N}]/u;

/** Where the first sentence of `text` ends; undefined while that is not known. More text may still follow. */
export function firstSentenceEnd(text: string): number | undefined {
  for (const match of text.matchAll(END_SIGNS)) {
    const end = match.index + match[0].length;
    if (match.groups?.['sign'] === undefined) return end;
    const head = text.slice(0, match.index + 1);
    // Signs alone are not said and go with what comes, but for a silence.
    if (!SPEAKABLE.test(head) && !head.endsWith('…')) continue;
    if (endsHere(text, head, match.groups['sign'], end)) return end;
  }
  return undefined;
}

/** False also while it is not known: more text then decides. */
function endsHere(text: string, head: string, sign: string, end: number): boolean {
  const after = text.slice(end);
  const isPlainStop = sign === '.';
  if (/[。！？]/.test(sign)) return true;
  const before = head.at(-2) ?? '';
  if (after === '') {
    const word = /\S+$/.exec(head)?.[0] ?? '';
    // "1." may become 1.5, "example." an address; a Korean word has no stop inside.
    return !ADDRESS.test(word) && !(isPlainStop && /[\p{N}\p{Script=Latin}]/u.test(before));
  }
  if (!/^[\s\p{Extended_Pictographic}]/u.test(after)) {
    return (
      /^[가-힣]/.test(after) && (isPlainStop ? KOREAN_END.test(head) : sign !== '…' && !ADDRESS.test(head))
    );
  }
  if (!isPlainStop) return true;
  const next = /\S/u.exec(after)?.[0];
  if (NEVER_END.test(head) || INITIAL.test(head) || LIST_NUMBER.test(head)) return false;
  if (SELDOM_END.test(head)) return next !== undefined && /[\p{Lu}\p{Lo}]/u.test(next);
  if (NUMBER_WORD.test(head) || /\p{N}/u.test(before)) {
    return next !== undefined && !/\p{N}/u.test(next);
  }
  return true;
}
