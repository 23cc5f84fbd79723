import type { Rule } from './rule.ts';

const REPEAT = {
  ko: /^(?:다시|한번더|한번만더|또)(?:한번|한번만)?(?:말|얘기|이야기)?(?:해|들려)?(?:줘|주세요|줄래|봐|주실래요|달라고|볼래)?(?:요)?$|못들었|잘안들|^(?:뭐라고|뭐라구|뭐라)(?:요|했어|했어요|하셨어요|했지|그랬어|했니)?$|방금뭐라|^뭐(?:요)?$|(?:네|니|너)가?뭐라고(?:했|그랬)/,
  en: /\b(?:say (?:that|it) again|repeat|once more|come again|pardon|what did you (?:just )?say|didn't (?:hear|catch))\b|^(?:what|again|sorry what)$/,
} as const;

const STOP = {
  ko: /^(?:아니|이제|좀)?(?:그만|그만그만|그만해|그만하자|그만말해|그만얘기해|멈춰|스톱|조용히|조용히해|조용|됐어|됐고|잠깐|잠깐만|잠시만|잠시|기다려|쉿|그만좀해|말하지마)+(?:줘|주세요|봐|요|라)?$/,
  en: /^(?:stop|stop it|stop talking|wait|wait a (?:second|minute|moment)|hold on|quiet|be quiet|enough|that's enough|pause|hush)(?: please)?$/,
} as const;

const CONTINUE = {
  ko: /^(?:이제|다시)?(?:계속|계속해|이어서|마저|하던(?:얘기|이야기|말)|아까(?:그|하던)?(?:얘기|이야기)|끝까지)(?:를|을)?(?:계속|이어서|마저)?(?:말|얘기|이야기|읽어|들려)?(?:해|하세요|해줘|해주세요|해봐|줘|주세요|가|봐|해줄래)?(?:요)?$|^(?:그래서|그다음(?:은|에는|엔)?|다음은|그리고)(?:요|어떻게됐어|어떻게됐어요)?$/,
  en: /^(?:(?:please )?(?:continue|go on|keep going|carry on|finish (?:it|the story)|the rest|and then|what happened (?:then|next)|what next)(?: please| with (?:it|the story))?)$/,
} as const;

/** "Say it again": what was said last, whole. */
export const repeat: Rule = ({ language, plain, state, history, say }) => {
  if (!REPEAT[language].test(plain)) return null;
  const said =
    state.lastReply !== '' ? state.lastReply : history.findLast(({ role }) => role === 'assistant')?.text;
  if (said === undefined) return { text: say('companion.repeat.nothing') };
  // What is repeated twice is not introduced twice.
  return {
    text: say('companion.repeat', {
      said: said.replace(/^(?:네, 다시 말씀드릴게요\.|Sure, once more\.) /, ''),
    }),
  };
};

/** "Stop": the voice has stopped already; what was left is kept. */
export const stop: Rule = ({ language, plain, say }) =>
  STOP[language].test(plain) ? { text: say('companion.stop') } : null;

/** "Go on": from the sentence in which the person cut in. */
export const goOn: Rule = ({ language, plain, state, say }) => {
  if (!CONTINUE[language].test(plain)) return null;
  // Words of ours that went on to something new are asked about by "and then" only where something is left.
  if (state.unheard === null) return { text: say('companion.continue.nothing'), asked: 'story' };
  return { text: say('companion.continue', { rest: state.unheard }), state: { unheard: null } };
};
