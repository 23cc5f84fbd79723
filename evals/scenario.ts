import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';

/** The parts that the benchmark's cases are sorted into: what each tests. */
export const ROWS = [
  'native-numerals',
  'sino-numerals',
  'word-order',
  'several-items',
  'vague',
  'ne',
  'options',
  'sets',
  'corrections',
  'reference',
  'slang',
  'endings',
  'questions',
  'misheard',
  'unknown',
  'safety',
  'service',
] as const;

const expectation = {
  /** Lines that have to stand afterwards, in any order: `2 cafe_latte temperature=iced size=large`. */
  order: z.array(z.string()).optional(),
  /** What the kiosk has to ask next. */
  asks: z.enum(['option', 'item', 'quantity', 'cancel_all', 'order']).optional(),
  /** What the screen has to do. */
  does: z.enum(['call_staff', 'set_language', 'set_speech', 'show_menu', 'start_over']).optional(),
  /** Texts of which the answer has to hold each. */
  tells: z.array(z.string()).default([]),
};

const utterance = z.strictObject({
  id: z.string(),
  row: z.enum(ROWS),
  language: z.enum(['ko', 'en']).default('ko'),
  /** Lines put on the order by touch before. */
  given: z.array(z.string()).default([]),
  /** Utterances said before. */
  before: z.array(z.string()).default([]),
  say: z.string(),
  ...expectation,
  order: z.array(z.string()),
});

const turn = z.strictObject({
  say: z.string(),
  ...expectation,
  status: z.enum(['draft', 'confirming', 'confirmed', 'cancelled']).optional(),
});

const dialogue = z.strictObject({
  id: z.string(),
  name: z.string(),
  language: z.enum(['ko', 'en']).default('ko'),
  turns: z.array(turn).min(1),
});

export type Utterance = z.infer<typeof utterance>;
export type Dialogue = z.infer<typeof dialogue>;
/** What has to be right after something was said; `status` only in dialogues. */
export type Expectation = Omit<z.infer<typeof turn>, 'say'>;

/** Which part of the benchmark: the one to develop on, or the one to report. */
export type SetName = 'open' | 'held-out';

/** One set of the benchmark, from its folder. */
export interface ScenarioSet {
  readonly utterances: readonly Utterance[];
  readonly dialogues: readonly Dialogue[];
}

/**
 * Reads every `utterances*.yaml` and `dialogues*.yaml` of a set.
 *
 * @throws what zod or yaml say about a file that is not as it has to be, with the file's name; or that an id is there twice.
 */
export function readScenarios(set: SetName): ScenarioSet {
  const folder = new URL(`kiosk/${set}/`, import.meta.url);
  const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  const read = <T>(kind: string, schema: z.ZodType<T>) =>
    files.filter((name) => name.startsWith(kind)).map((name) => readFile(new URL(name, folder), schema));
  const utterances = read('utterances', z.strictObject({ cases: z.array(utterance) })).flatMap(
    ({ cases }) => cases,
  );
  const dialogues = read('dialogues', z.strictObject({ dialogues: z.array(dialogue) })).flatMap(
    (file) => file.dialogues,
  );
  for (const list of [utterances, dialogues]) {
    const ids = list.map(({ id }) => id);
    const twice = ids.find((id, at) => ids.indexOf(id) !== at);
    if (twice !== undefined) throw new Error(`The ${set} set has the id "${twice}" twice; make it unique.`);
  }
  return { utterances, dialogues };
}

function readFile<T>(url: URL, schema: z.ZodType<T>): T {
  try {
    return schema.parse(parse(readFileSync(url, 'utf8')));
  } catch (error) {
    throw new Error(`${url.pathname.split('/').at(-1)}: ${String(error)}`, { cause: error });
  }
}
