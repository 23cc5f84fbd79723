import type { Language } from '@malbeot/protocol';

import { MalbeotError } from '../malbeot-error.ts';
import { isQueued } from '../queue/turn-queue.ts';
import { findWavFiles, readWavFile } from '../terminal/wav-files.ts';
import { wordsOf } from '../terminal/words-of.ts';
import type { SendCommand } from './arguments.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { feedLines } from './feed-lines.ts';
import { openClient } from './open-client.ts';
import type { Surroundings } from './surroundings.ts';

/** Sends what is given, in one session and in order, and prints each answer as a line of JSON. */
export async function runSend(
  command: SendCommand,
  surroundings: Surroundings,
  language: Language,
): Promise<ExitCode> {
  const { output, errors, interrupted: signal } = surroundings;
  const words = wordsOf(language);
  const { client, settings, close } = await openClient(command, surroundings, language, null);
  let code: ExitCode = exitCodes.done;
  try {
    for (const feed of command.feeds) {
      const turns =
        feed.kind === 'wav'
          ? (await findWavFiles(feed.value, words)).map(
              (file) => async () => client.sendAudio(await readWavFile(file, words), { signal }),
            )
          : (await feedLines([feed], words)).map((text) => () => client.sendText(text, { signal }));
      for (const turn of turns) {
        const answer = await turn();
        output.write(`${JSON.stringify(answer)}\n`);
        if (isQueued(answer) || !answer.success) code = exitCodes.refused;
      }
    }
    return code;
  } catch (error) {
    if (signal.aborted) return exitCodes.interrupted;
    if (!(error instanceof MalbeotError)) throw error;
    if (error.code === 'NETWORK' || error.code === 'TIMEOUT') {
      errors.write(`${words.unreachable(settings.server)}\n`);
      return exitCodes.unreachable;
    }
    const notAllowed = error.status === 401 || error.status === 403;
    errors.write(`${notAllowed ? words.notAllowed : error.message}\n`);
    return notAllowed ? exitCodes.notAllowed : exitCodes.refused;
  } finally {
    await client.reset({ signal: AbortSignal.timeout(2000) }).catch(() => undefined);
    await close();
  }
}
