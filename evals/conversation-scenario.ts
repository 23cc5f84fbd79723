import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';

/** The parts that the talks are sorted into: what each tests. */
export const TALK_ROWS = [
  'pauses',
  'orders',
  'backchannels',
  'interruptions',
  'answers',
  'noise',
  'echo',
  'typing',
  'push-to-talk',
  'broken parts',
  'english',
  'kiosk',
] as const;

const fault = z.enum(['none', 'fail', 'hang', 'deaf', 'slow', 'die']);

/** At most so many milliseconds. */
const budgets = z.strictObject({
  /** From the end of the words to the first sound of the answer at the loudspeaker. */
  first_sound: z.number().optional(),
  /** From the first sound of the person until the voice is told to be quieter. */
  duck: z.number().optional(),
  /** From the first sound of the person until the voice is told to stop. */
  stop: z.number().optional(),
  /** From the last sound of the person until the voice is told to go on as before. */
  restore: z.number().optional(),
});

const step = z.strictObject({
  /** Words; `…` is a pause of 400 ms, `…900` one of 900. */
  say: z.string().optional(),
  /** A sound of so many milliseconds that is no word. */
  cough: z.number().optional(),
  type: z.string().optional(),
  /** Nothing is done for so many milliseconds. */
  wait: z.number().optional(),
  /** Begins when so many milliseconds of the answer were heard. */
  into_reply: z.number().optional(),
  /** Begins when so many milliseconds of the answer are left. */
  before_end: z.number().optional(),
  /** Begins so many milliseconds after what was said before. Otherwise everybody is quiet first. */
  after: z.number().optional(),

  /** All that was heard from here until the next step, piece by piece. */
  heard: z.union([z.string(), z.array(z.string())]).optional(),
  /** What became of it. */
  taken_for: z.enum(['words', 'backchannel', 'echo', 'nothing']).optional(),
  /** Texts that have to be spoken from here until the next step. */
  says: z.array(z.string()).default([]),
  /** Texts that must not. */
  says_not: z.array(z.string()).default([]),
  ducked: z.boolean().optional(),
  stopped: z.boolean().optional(),
  /** True when the answer goes on to its end. */
  finished: z.boolean().optional(),
  error: z.string().optional(),
  /** Lines that stand on the order afterwards. */
  order: z.array(z.string()).optional(),
  within: budgets.default({}),
});

const talk = z.strictObject({
  id: z.string(),
  row: z.enum(TALK_ROWS),
  name: z.string(),
  /** The same in English. */
  gloss: z.string(),
  language: z.enum(['ko', 'en']).default('ko'),
  push_to_talk: z.boolean().default(false),
  room: z
    .strictObject({
      noise: z.enum(['quiet', 'lively', 'fan', 'music']).optional(),
      /** dB below full scale. */
      level: z.number().optional(),
      /** How much of the loudspeaker comes back, in dB; null for a headset. */
      echo: z.number().nullable().optional(),
      echo_delay: z.number().optional(),
    })
    .default({}),
  /** What goes wrong with each call of a part, in order; nothing after that. */
  ears: z.array(fault).default([]),
  voice: z.array(fault).default([]),
  mind: z.array(fault).default([]),
  /** Another voice stands by; true. */
  second_voice: z.boolean().default(true),
  /** False for ears that take whole utterances only. */
  streaming_ears: z.boolean().default(true),
  /** The page never says how far its loudspeaker got. */
  silent_client: z.boolean().default(false),
  /** Who answers: these replies in turn, `{heard}` for what was heard of the one before; or the kiosk. */
  replies: z.union([z.array(z.string()), z.literal('kiosk')]).default([]),
  steps: z.array(step).min(1),
});

export type TalkScenario = z.infer<typeof talk>;
export type TalkStep = z.infer<typeof step>;

/**
 * Reads every file of `evals/conversation`.
 *
 * @throws what zod or yaml say about a file that is not as it has to be, with the file's name; or that an id is there twice.
 */
export function readTalks(): readonly TalkScenario[] {
  const folder = new URL('conversation/', import.meta.url);
  const talks = readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .flatMap((name) => {
      try {
        return z
          .strictObject({ talks: z.array(talk) })
          .parse(parse(readFileSync(new URL(name, folder), 'utf8'))).talks;
      } catch (error) {
        throw new Error(`${name}: ${String(error)}`, { cause: error });
      }
    });
  const ids = talks.map(({ id }) => id);
  const twice = ids.find((id, at) => ids.indexOf(id) !== at);
  if (twice !== undefined) throw new Error(`Two talks have the id "${twice}"; make it unique.`);
  return talks;
}
