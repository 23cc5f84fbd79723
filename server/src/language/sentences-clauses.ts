/** A clause may end after these when white space follows; at the end of what has come too, but in a number. */
const CLAUSE_SIGNS = /[,，、;:]["'”’)\]」』]*/g;
/** Shorter first clauses sound chopped; the voice gains nothing from them. In characters. */
const SHORTEST_CLAUSE = 6;

/** So many syllables before a connective ending are enough to be said by themselves. */
const SHORTEST_CONNECTED = 7;
/** From here on a phrase of place or time is enough, so that a long first clause does not keep anybody waiting. */
const SHORTEST_PHRASE = 18;
const SHORTEST_ENGLISH = 24;

/** Connective endings, and what may not follow as they are one with it then: 먹고 있어요, 하시면 돼요. */
const CONNECTIVES: readonly (readonly [ending: RegExp, notBefore: RegExp])[] = [
  [/(?:[는은한인던간큰건]|(?<!가)운)데$/, /^(?:요|도)/],
  [/니까$/, /^요/],
  [/지만$/, /^요/],
  [
    /(?<!최|광|창|경|신|사|재|금|보|원|라|다|냐|자)고$/,
    /^(?:있|싶|계|나|말|보|해|하|했|합|살|오|와|가|갔|갈)/,
  ],
  [/(?<!라|냉|장|쫄|화|측|표|정|전|국)면$/, /^(?:되|됩|돼|될|된|됐|안|좋|어|하|서|돼)/],
  [/(?:으?면서|거나|다가)$/, /^(?:도|는|하)/],
  [/[해아어여와워려가나라져겨춰쳐펴켜뻐빠파퍼커써]서$/, /^(?:요|는|도|야|인)/],
  [/(?:려고|도록)$/, /^(?:하|해|했|합|한|할)/],
];
const PHRASE = /(?:에서는|에서|에는|에게|한테|부터|까지|으로|으로는|때는|때)$/;
const ENGLISH_CONJUNCTION = /\s(?=(?:and|but|because|so|which|while|although|when|or|then)\s)/gi;

/** Where a first clause of `text` ends that is worth saying before the rest has come; undefined when there is none yet. */
export function firstClauseEnd(text: string): number | undefined {
  const ends = [signEnd(text), koreanEnd(text), englishEnd(text)].filter((end) => end !== undefined);
  return ends.length === 0 ? undefined : Math.min(...ends);
}

function signEnd(text: string): number | undefined {
  for (const match of text.matchAll(CLAUSE_SIGNS)) {
    const end = match.index + match[0].length;
    if (end < SHORTEST_CLAUSE) continue;
    const after = text.slice(end);
    // At the end of what has come 12,500 may still come of it, and of a colon an address.
    const isPlain = /[,，、]/.test(match[0]) && /\p{L}/u.test(text[match.index - 1] ?? '');
    if (after === '' ? isPlain : /^\s/.test(after)) return end;
  }
  return undefined;
}

function koreanEnd(text: string): number | undefined {
  let syllables = 0;
  for (const match of text.matchAll(/\S+/g)) {
    const [word] = match;
    const end = match.index + word.length;
    syllables += word.match(/[가-힣\d]/g)?.length ?? 0;
    const next = /^\s+(\S)/u.exec(text.slice(end))?.[1];
    if (next === undefined) return undefined;
    if (syllables >= SHORTEST_CONNECTED && isConnected(word, next)) return end;
    if (syllables >= SHORTEST_PHRASE && PHRASE.test(word)) return end;
  }
  return undefined;
}

function isConnected(word: string, next: string): boolean {
  return CONNECTIVES.some(([ending, notBefore]) => ending.test(word) && !notBefore.test(next));
}

function englishEnd(text: string): number | undefined {
  for (const { index } of text.matchAll(ENGLISH_CONJUNCTION)) {
    const head = text.slice(0, index);
    if (index >= SHORTEST_ENGLISH && !/[^\p{ASCII}]/u.test(head)) return index;
  }
  return undefined;
}
