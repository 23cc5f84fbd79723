/** Entry of the child process that hears whether a turn has ended. Talks over IPC; its standard output means nothing. */
import { HostError, type FromChild, type ToChild } from '../lib/child-host-channel.ts';
import type { CheckedFile } from '../lib/read-checked-file.ts';
import type { TurnEndHostPart, TurnEndHostRequest } from '../providers/smart-turn/turn-end-host-protocol.ts';
import { loadSmartTurn, type SmartTurn } from './smart-turn.ts';

let loaded: { readonly model: CheckedFile; readonly smartTurn: Promise<SmartTurn> } | undefined;

/** The model, loaded once; a failure is tried anew by the next who asks. */
function load(model: CheckedFile): Promise<SmartTurn> {
  if (loaded?.model.path === model.path && loaded.model.sha256 === model.sha256) return loaded.smartTurn;
  const loading = { model, smartTurn: loadSmartTurn(model) };
  loaded = loading;
  loading.smartTurn.catch(() => {
    if (loaded === loading) loaded = undefined;
  });
  return loading.smartTurn;
}

async function perform(request: TurnEndHostRequest): Promise<TurnEndHostPart> {
  const smartTurn = await load(request.model);
  if (request.operation === 'load') return { type: 'loaded' };
  return { type: 'judged', probability: await smartTurn.judge(request.samples) };
}

async function answer(id: number, request: TurnEndHostRequest): Promise<void> {
  try {
    send({ type: 'part', id, part: await perform(request) });
    send({ type: 'end', id });
  } catch (error) {
    const kind = error instanceof HostError ? error.kind : 'failed';
    send({ type: 'error', id, kind, message: error instanceof Error ? error.message : String(error) });
  }
}

function send(message: FromChild<TurnEndHostPart>): void {
  process.send?.(message, undefined, undefined, () => {});
}

process.on('message', (message: ToChild<TurnEndHostRequest>) => {
  // A question takes tens of milliseconds; there is nothing to call off.
  if (message.type === 'request') void answer(message.id, message.request);
});
// Without its server the host has nothing to do.
process.on('disconnect', () => process.exit(0));
// Ctrl-C reaches the whole process group; the server decides when its host ends.
process.on('SIGINT', () => {});

send({ type: 'ready' });
