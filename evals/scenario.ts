import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';

const expectation = {
  /** Lines that have to stand afterwards, exactly: `불고기버거 세트 (사이다) x 2`. */
  order: z.array(z.string()).optional(),
  /** Kind of the question that waits afterwards. */
  asks: z.string().optional(),
};

const utterances = z.strictObject({
  bar: z.number().min(0).max(1),
  cases: z.array(
    z.strictObject({ say: z.string(), before: z.array(z.string()).default([]), ...expectation }),
  ),
});

const dialogues = z.strictObject({
  bar: z.number().min(0).max(1),
  dialogues: z.array(
    z.strictObject({
      name: z.string(),
      language: z.enum(['ko', 'en']).default('ko'),
      turns: z.array(
        z.strictObject({
          say: z.string(),
          ...expectation,
          /** Words that the answer has to hold. */
          reply: z.array(z.string()).default([]),
          status: z.string().optional(),
          /** Screen action that has to be among those shown. */
          shows: z.string().optional(),
        }),
      ),
    }),
  ),
});

export type Utterances = z.infer<typeof utterances>;
export type Dialogues = z.infer<typeof dialogues>;

/** @throws what zod or yaml say about a file that is not as it has to be. */
export function readUtterances(name: string): Utterances {
  return utterances.parse(readYaml(name));
}

export function readDialogues(name: string): Dialogues {
  return dialogues.parse(readYaml(name));
}

function readYaml(name: string): unknown {
  return parse(readFileSync(new URL(name, import.meta.url), 'utf8'));
}
