import type { Language } from '@malbeot/protocol';
import type { ReadStream, WriteStream } from 'node:tty';

import { createKioskEngine, type Trouble } from '../terminal/engine.ts';
import { placesOf } from '../terminal/find-program.ts';
import { runFullScreen } from '../terminal/full-screen.ts';
import { startState, type KioskState } from '../terminal/kiosk-state.ts';
import { createKioskStore } from '../terminal/kiosk-store.ts';
import { runPlainMode } from '../terminal/plain-mode.ts';
import { createPlayer } from '../terminal/player.ts';
import { createRecorder } from '../terminal/recorder.ts';
import { SMALLEST_SCREEN } from '../terminal/screens/layout.ts';
import { wordsOf } from '../terminal/words-of.ts';
import type { KioskCommand } from './arguments.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { feedLines } from './feed-lines.ts';
import { openClient } from './open-client.ts';
import type { Surroundings } from './surroundings.ts';

/** A kiosk in the terminal: drawn where there is room and a person, else in plain lines. */
export async function runKiosk(
  command: KioskCommand,
  surroundings: Surroundings,
  language: Language,
): Promise<ExitCode> {
  const { input, output, errors, env, interrupted } = surroundings;
  const script = await feedLines(command.feeds, wordsOf(language));
  const { client, settings, kept, close } = await openClient(command, surroundings, language, {
    onDelivered: (delivery) => engine.delivered(delivery),
    onHeld: (held) => engine.held(held),
  });
  const places = placesOf(env);
  const [player, recorder] = await Promise.all([createPlayer({ places }), createRecorder({ places })]);
  const isDrawn = !command.plain && !command.json && canDraw(surroundings);
  const store = createKioskStore(
    startState({
      language: settings.language,
      server: settings.server.replace(/\/$/, ''),
      kioskId: settings.kioskId,
      voice: command.voice ?? (output.isTTY === true && !command.json),
    }),
  );
  const writeLine = (line: string) => void output.write(`${line}\n`);
  const engine = createKioskEngine({
    client,
    store,
    player,
    recorder,
    ...(command.json ? { onAnswer: (answer) => writeLine(JSON.stringify(answer)) } : {}),
  });

  store.dispatch({ type: 'kept', left: await kept() });
  // What is under way must not hold up who wants to leave.
  const onInterrupt = () => void engine.close();
  interrupted.addEventListener('abort', onInterrupt, { once: true });

  try {
    if (isDrawn) {
      const how = await runFullScreen({
        store,
        engine,
        input: input as ReadStream,
        output: output as WriteStream,
        colour: hasColour(env),
        script,
        signal: interrupted,
      });
      for (const line of farewell(store.state)) writeLine(line);
      return how === 'quit' ? exitCodes.done : exitCodes.interrupted;
    }
    const interactive = input.isTTY === true && !command.json;
    const trouble = await runPlainMode({
      store,
      engine,
      script,
      // With something to be fed and nobody at the keyboard, that is all.
      input: interactive || script.length === 0 ? input : null,
      interactive,
      keepsTurns: settings.queueFolder !== null,
      print: command.json ? null : writeLine,
      complain: (line) => void errors.write(`${line}\n`),
      signal: interrupted,
    });
    return interrupted.aborted ? exitCodes.interrupted : codeOf(trouble);
  } finally {
    interrupted.removeEventListener('abort', onInterrupt);
    await engine.close();
    await close();
  }
}

function canDraw({ input, output, env }: Surroundings): boolean {
  if (input.isTTY !== true || output.isTTY !== true || env['TERM'] === 'dumb') return false;
  return (output.columns ?? 0) >= SMALLEST_SCREEN.columns && (output.rows ?? 0) >= SMALLEST_SCREEN.rows;
}

/** https://no-color.org: any value but an empty one. */
function hasColour(env: Surroundings['env']): boolean {
  return (env['NO_COLOR'] ?? '') === '';
}

/** What stays on the terminal when the kiosk is gone from it. */
function farewell({ receipt, language }: KioskState): readonly string[] {
  const words = wordsOf(language);
  return receipt === null ? [words.goodbye] : [words.leftWith(receipt.order_number)];
}

/** How trouble is told to scripts. */
export function codeOf(trouble: Trouble | null): ExitCode {
  switch (trouble) {
    case null:
      return exitCodes.done;
    case 'unreachable':
      return exitCodes.unreachable;
    case 'not-allowed':
      return exitCodes.notAllowed;
    case 'refused':
    case 'failed':
      return exitCodes.refused;
  }
}
