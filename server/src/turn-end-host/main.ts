/** Entry of the child process that hears whether a turn has ended. Talks over IPC; its standard output means nothing. */
import { answerServer } from '../lib/answer-server.ts';
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

answerServer(perform);
