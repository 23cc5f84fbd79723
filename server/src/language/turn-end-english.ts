import type { TurnEnd } from './turn-end-judgement.ts';

const set = (list: string): ReadonlySet<string> => new Set(list.trim().split(/\s+/));

/** Nobody ends with these, whatever mark the ears put after them. */
const ALWAYS_OPEN = set(`
  and but or because if unless whereas a an the my your our their its of to from with into than very um umm uh uhh er erm hmm hm
  um-hum every some any each another i we they he she who's i'm we're they're you're he's she's it's there's what's that's where's
  i'd we'd i'll we'll you'll i've let's gonna wanna kinda sorta
`);
/** These hang, unless a mark says that the sentence ends with them: "Yes, I can." */
const USUALLY_OPEN = set(`
  so when while although though which who whom whose as is are was were am be do does did have has had will would can could should must may
  might for at in on by about under over between like want need get just really also maybe actually basically then plus not his her
  that two three four five six seven eight nine ten one no
`);
const OPEN_PHRASES =
  /(?:^|\s)(?:you know|i mean|let me see|let's see|sort of|kind of|such as|as well as|i want|i need|can i|could i|may i|can you|tell me|give me|i think|i guess|how about|what about|going to|would like|i'd like|hold on|for example|first of all|by the way)$/;
const COMPLETE = set(`
  yes yeah yep yup nope ok okay sure thanks please hello hi hey bye goodbye right exactly correct cancel stop welcome alright
  goodnight morning tomorrow today tonight
`);
const COMPLETE_PHRASES =
  /(?:^|\s)(?:thank you|that's all|that's it|that is all|never mind|of course|i see|i know|i do|i don't|i am|it is|it does|i can|i can't|me too|not really|no way|got it|good night|see you|how are you|i don't know|no|no thanks|nothing else|right now)$/;
const QUESTION =
  /^(?:(?:so|and|ok|okay|well|hey) )?(?:what|where|when|why|how|which|do|does|did|can|could|would|will|is|are|was|were|have|has|should)\b/;
/** A question of fewer words may only begin. */
const SHORTEST_QUESTION = 4;

/** @param hasMark A mark stands after the words that may end a sentence. */
export function judgeEnglishEnd(said: string, hasMark: boolean): TurnEnd {
  const words = said
    .toLowerCase()
    .replaceAll('’', "'")
    .split(/[^\p{L}\p{N}'-]+/u)
    .filter((word) => word !== '');
  const last = words.at(-1) ?? '';
  const joined = words.join(' ');
  if (words.length === 1 && COMPLETE.has(last)) return 'complete';
  if (COMPLETE_PHRASES.test(joined)) return 'complete';
  if (ALWAYS_OPEN.has(last)) return 'open';
  if (hasMark) return 'unclear';
  if (USUALLY_OPEN.has(last) || OPEN_PHRASES.test(joined)) return 'open';
  if (COMPLETE.has(last)) return 'complete';
  return QUESTION.test(joined) && words.length >= SHORTEST_QUESTION ? 'complete' : 'unclear';
}
